package steptest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

func number(n int) int { return n }
func more(n int) int   { return n + 1 }

// around is a kind that calls its child in some way.
type around struct {
	child weir.Step[int, int]
	op    func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error)
}

func (around) Kind() string             { return "around" }
func (a around) Children() []plan.Child { return []plan.Child{{Step: a.child.Written()}} }
func (a around) Build(b *plan.Builder) plan.Op {
	child := b.Child(0)
	return func(ctx context.Context, f plan.Frame, in any) (any, error) { return a.op(ctx, f, child, in) }
}

// kind makes the test of such a kind.
func kind(op func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error)) Kind[int, int] {
	return Kind[int, int]{
		Make: func(probe Probe) weir.Step[int, int] {
			return weir.Make[int, int]("step", around{weir.Func("probe", probe), op})
		},
		In: number, Out: more,
	}
}

// fails gives the names of the checks that a kind does not pass. Those that report themselves, or look for goroutines, are
// left out.
func fails(t *testing.T, k Kind[int, int]) string {
	t.Helper()
	var names []string
	for _, c := range checks[int, int]() {
		if c.name == "is the same without optimisations" {
			continue
		}
		if c.run(t, k) != nil {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, ", ")
}

func TestTheSuiteFindsWhatAKindDoesWrong(t *testing.T) {
	t.Parallel()
	var last atomic.Int64
	for want, op := range map[string]func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error){
		"": func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error) {
			return f.Do(ctx, child, -1, in)
		},
		"gives what its child gave": func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error) { // runs it twice
			if _, err := f.Do(ctx, child, -1, in); err != nil {
				return nil, err
			}
			return f.Do(ctx, child, -1, in)
		},
		"passes": func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error) {
			out, err := f.Do(ctx, child, -1, in)
			if err != nil {
				err = fmt.Errorf("around: %w", err)
			}
			return out, err
		},
		"loses no failure, loses no panic": func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error) {
			out, err := f.Do(ctx, child, -1, in)
			if err != nil && !plan.Final(err) {
				return -1, nil
			}
			return out, err
		},
		"ends when it is cancelled": func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error) {
			out, err := f.Do(ctx, child, -1, in)
			if plan.CodeOf(err) == plan.CodeCanceled {
				return -1, nil
			}
			return out, err
		},
		"keeps no state of a failed attempt": func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error) {
			out, err := f.Do(ctx, child, -1, in)
			if err != nil && !plan.Final(err) { // goes on by itself, and pretends that nothing was
				return f.Do(ctx, child, -1, in)
			}
			return out, err
		},
		"is used by several runs at once": func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error) {
			last.Store(int64(in.(int)))
			out, err := f.Do(ctx, child, -1, in)
			if last.Load() != int64(in.(int)) {
				return -1, err
			}
			return out, err
		},
	} {
		if got := fails(t, kind(op)); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("a kind that fails %q: the suite says %q", want, got)
		}
	}
}

func TestTheSuiteFindsAStepThatStandsInOnePipelineOnly(t *testing.T) {
	t.Parallel()
	k := kind(func(ctx context.Context, f plan.Frame, child *plan.Block, in any) (any, error) {
		return f.Do(ctx, child, -1, in)
	})
	k.Out = number
	if got := fails(t, k); !strings.Contains(got, "stands in several pipelines") {
		t.Errorf("the suite says %q", got)
	}
	k.Make = func(Probe) weir.Step[int, int] {
		return weir.Func("step", func(_ context.Context, n int) (int, error) { return n, nil })
	}
	if got := fails(t, k); !strings.Contains(got, "gives what its child gave") {
		t.Errorf("the suite says %q of a step that never calls the probe", got)
	}
}

func TestFunctionsAndSequencesPassTheSuite(t *testing.T) {
	t.Parallel()
	t.Run("function", func(t *testing.T) {
		t.Parallel()
		Passes(t, Kind[int, int]{
			Make: func(probe Probe) weir.Step[int, int] { return weir.Func("step", probe) },
			In:   number, Out: more,
		})
	})
	t.Run("sequence", func(t *testing.T) {
		t.Parallel()
		Passes(t, Kind[int, int]{
			Make: func(probe Probe) weir.Step[int, int] {
				return weir.Chain("step", weir.Func("first", func(_ context.Context, n int) (int, error) { return n, nil }), weir.Func("probe", probe))
			},
			In: number, Out: more,
		})
	})
}

func TestHelpersSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	r := &recorder{TB: t}
	at := &weir.StepError{Path: "a/b", Kind: "func", Code: plan.CodeFailed, Err: errors.New("boom")}
	Failed(r, at, plan.CodeFailed, "a/b")
	Says(r, "one two", "one", "two")
	Equal(r, any([]int{1, 2}), 1, 2)
	Refused(r, weir.Chain[int]("a/b"), "a name may not hold")
	if r.said != 0 {
		t.Errorf("%d complaints about what is right", r.said)
	}
	Failed(r, at, plan.CodeFailed, "a")
	Failed(r, nil, plan.CodeFailed, "a")
	Says(r, "one two", "three", "four")
	Equal(r, any([]int{1, 2}), 1)
	Equal(r, any("x"), 1)
	Refused(r, weir.Chain("fine", weir.Func("a", plusOne)), "")
	if r.said != 7 {
		t.Errorf("%d complaints, want 7", r.said)
	}
	got, err := Execute(t, weir.Func("a", plusOne), 1)
	if s := Reached(t, got, "a"); err != nil || got.Output != 2 || s.Count() != 1 {
		t.Errorf("%d, %v", got.Output, err)
	}
}

// recorder counts what a test that should fail says.
type recorder struct {
	testing.TB
	said int
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.said++ }
