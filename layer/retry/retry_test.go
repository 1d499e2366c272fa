package retry_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/process"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

var errBoom = errors.New("boom")

// flaky fails its first n calls, each with a text of its own.
func flaky(n int, calls *int) func(context.Context, string) (string, error) {
	return func(_ context.Context, in string) (string, error) {
		*calls++
		if *calls <= n {
			return "", fmt.Errorf("call %d: %w", *calls, errBoom)
		}
		return "ok", nil
	}
}

func execute[I, O any](t *testing.T, s weir.Step[I, O], in I, opts ...weir.RunOption) (*weir.Result[O], error) {
	t.Helper()
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	return p.Execute(t.Context(), in, opts...)
}

func TestB022_TwoFailuresThenSuccessIsThreeAttempts(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := execute(t, weir.Func("ask", flaky(2, &calls)).With(retry.UpTo(3)), "hi")
	if err != nil || r.Output != "ok" {
		t.Fatalf("output %q, error %v", r.Output, err)
	}
	s, _ := r.Step("ask")
	if calls != 3 || s.Attempts() != 3 || s.Feedback() != "" || !s.Success() {
		t.Errorf("%d calls, %d attempts, feedback %q, success %v; want 3, 3, none, true", calls, s.Attempts(), s.Feedback(), s.Success())
	}
}

func TestB023_AlwaysFailingTellsTheAttemptsAndTheLastCause(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := execute(t, weir.Func("ask", flaky(9, &calls)).With(retry.UpTo(3)), "hi")
	e, ok := errors.AsType[*weir.StepError](err)
	if !ok || e.Attempt != 3 || e.Path != "ask" || !errors.Is(err, errBoom) || !strings.Contains(err.Error(), "call 3") {
		t.Errorf("error %v, want that of attempt 3 at ask", err)
	}
	if s, _ := r.Step("ask"); calls != 3 || s.Attempts() != 3 || s.Success() {
		t.Errorf("%d calls, %d attempts, success %v; want 3, 3, false", calls, s.Attempts(), s.Success())
	}
}

func TestB024_ATimeoutIsRetriedAndBoundsEachCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		slow := func(ctx context.Context, _ string) (string, error) {
			calls++
			select {
			case <-time.After(time.Second):
				return "too late", nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
		begin := time.Now()
		_, err := execute(t, weir.Func("ask", slow).With(retry.UpTo(2), timeout.After(50*time.Millisecond)), "hi")
		if !errors.Is(err, weir.ErrTimeout) || calls != 2 {
			t.Errorf("error %v after %d calls, want a timeout after 2", err, calls)
		}
		if took := time.Since(begin); took != 100*time.Millisecond {
			t.Errorf("took %v, want twice 50ms", took)
		}
	})
}

func TestB028_AFailedOutputProcessorIsRetried(t *testing.T) {
	t.Parallel()
	calls, processed := 0, 0
	once := process.Output(func(_ context.Context, s string) (string, error) {
		if processed++; processed == 1 {
			return "", errBoom
		}
		return s + "!", nil
	})
	r, err := execute(t, weir.Func("ask", flaky(0, &calls)).With(retry.UpTo(2), once), "hi")
	if err != nil || r.Output != "ok!" || calls != 2 {
		t.Errorf("output %q, error %v, %d calls; want ok! after 2", r.Output, err, calls)
	}
}

func TestB032_AFailedAttemptsWritesAreNotSeenByTheNext(t *testing.T) {
	t.Parallel()
	x := state.NewKey[int]("x")
	var saw []int
	step := weir.Func("count", func(ctx context.Context, in string) (string, error) {
		saw = append(saw, x.Get(ctx))
		x.Set(ctx, x.Get(ctx)+10)
		if len(saw) == 1 {
			return "", errBoom
		}
		return in, nil
	}).With(retry.UpTo(2))
	r, err := execute(t, step, "hi", weir.State(x.With(1)))
	if err != nil || fmt.Sprint(saw) != "[1 1]" {
		t.Errorf("error %v, attempts saw %v; want both to see 1", err, saw)
	}
	if got, _ := x.From(r.State); got != 11 {
		t.Errorf("x is %d at the end, want 11: the second attempt's write alone", got)
	}
}

func TestB033_AFailedStepLeavesTheStateAsItWas(t *testing.T) {
	t.Parallel()
	x := state.NewKey[int]("x")
	step := weir.Func("count", func(ctx context.Context, in string) (string, error) {
		x.Set(ctx, 99)
		return "", errBoom
	})
	for _, attempts := range []int{1, 3} {
		r, err := execute(t, step.With(retry.UpTo(attempts)), "hi", weir.State(x.With(1)))
		if got, _ := x.From(r.State); err == nil || got != 1 {
			t.Errorf("%d attempts: error %v, x is %d; want a failure and 1", attempts, err, got)
		}
	}
}

func TestAPanicIsRetriedAsAFailure(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := execute(t, weir.Func("ask", func(context.Context, string) (string, error) {
		if calls++; calls == 1 {
			panic("kaput")
		}
		return "ok", nil
	}).With(retry.UpTo(2, retry.On(plan.ClassPanic))), "hi")
	if err != nil || r.Output != "ok" || calls != 2 {
		t.Errorf("output %q, error %v, %d calls; want ok after 2", r.Output, err, calls)
	}
}

func TestTheValueBesideTheLastErrorIsKept(t *testing.T) {
	t.Parallel()
	n := 0
	op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) {
		n++
		return n, errBoom
	}, retry.UpTo(2)))
	if out, err := op(t.Context(), &layertest.Frame{}, nil); out != 2 || !errors.Is(err, errBoom) {
		t.Errorf("got %v, %v; want 2 and the error of attempt 2", out, err)
	}
}

// Not parallel: testing.AllocsPerRun counts the whole process.
func TestSuccessAllocatesNothing(t *testing.T) {
	if allocs := testing.AllocsPerRun(100, run(t, retry.UpTo(3, retry.Backoff(1, 2, 3)))); allocs != 0 {
		t.Errorf("%v allocations, want 0", allocs)
	}
}

// run gives a call of a step that succeeds under a layer.
func run(tb testing.TB, l plan.Layer) func() {
	op := layertest.Build(tb, layertest.Step(func(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }, l))
	ctx, f := tb.Context(), &layertest.Frame{}
	return func() {
		if _, err := op(ctx, f, nil); err != nil {
			tb.Fatal(err)
		}
	}
}

func BenchmarkSuccess(b *testing.B) {
	call := run(b, retry.UpTo(3))
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}
