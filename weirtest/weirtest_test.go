package weirtest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/usage"
	"github.com/weirflow/weir/weirtest"
)

var update = weirtest.Update()

var tries = state.NewKey[int]("tries")

// double asks a model, as its usage says.
func double(ctx context.Context, n int) (int, error) {
	return 2 * n, usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 10, Cost: 5})
}

// flaky fails in the first attempt.
func flaky() func(context.Context, int) (int, error) {
	failed := false
	return func(_ context.Context, n int) (int, error) {
		if !failed {
			failed = true
			return 0, errors.New("not yet")
		}
		return n + 1, nil
	}
}

func TestTraceShowsWhatHappenedAsText(t *testing.T) {
	t.Parallel()
	weirtest.Golden(t, weirtest.Trace(t, weir.Then3(
		weir.Func("flaky", flaky()).With(retry.UpTo(3)),
		loop.Times("grow", 3, weir.Func("double", double)),
		weir.Func("last", func(_ context.Context, n int) (string, error) { return strings.Repeat("x", n), nil }),
	), 1))
}

func TestTraceOfAFailureEndsWithTheError(t *testing.T) {
	t.Parallel()
	weirtest.Golden(t, weirtest.Trace(t, weir.Chain("main", weir.Func("double", double), weir.Func("bad", func(context.Context, int) (int, error) {
		return 0, errors.New("boom")
	})), 1))
}

func TestTheSameRunGivesTheSameText(t *testing.T) {
	t.Parallel()
	s := loop.Times("grow", 5, weir.Func("double", double))
	if a, b := weirtest.Trace(t, s, 1), weirtest.Trace(t, s, 1); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}

func TestContextGivesStateToAFunctionByItself(t *testing.T) {
	t.Parallel()
	ctx := weirtest.Context(t, tries.With(2))
	tries.Update(ctx, func(n int) int { return n + 1 })
	if got := tries.Get(ctx); got != 3 {
		t.Errorf("tries is %d", got)
	}
}

// recorder takes what a test that should fail says.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper()      {}
func (r *recorder) Name() string { return "TestOfAnother/case" }
func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func TestGoldenFailsWhenTheTextDiffers(t *testing.T) {
	if *update {
		t.Skip("with -update nothing is compared")
	}
	file := filepath.Join("testdata", "TestOfAnother-case.golden")
	if err := os.WriteFile(file, []byte("want"), 0o644); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(file)
	r := &recorder{TB: t}
	weirtest.Golden(r, "got")
	if len(r.said) != 1 {
		t.Errorf("said %v", r.said)
	}
	r.said = nil
	weirtest.Golden(r, "want")
	if len(r.said) != 0 {
		t.Errorf("said %v of the same text", r.said)
	}
}
