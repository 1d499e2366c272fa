package loop_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/steptest"
)

// ended checks how the loop at a path ended.
func ended[O any](t *testing.T, r *weir.Result[O], path string, reason any, attempts int) weir.StepResult {
	t.Helper()
	s, ok := r.Step(path)
	if !ok {
		t.Fatalf("step %q was not reached", path)
	}
	if s.Note("exit_reason") != reason || s.Note("iterations") != attempts || s.Attempts() != attempts {
		t.Errorf("%s: exit_reason %v, iterations %v, attempts %d; want %v, %d, %d",
			path, s.Note("exit_reason"), s.Note("iterations"), s.Attempts(), reason, attempts, attempts)
	}
	return s
}

// count is a step that adds one and counts its calls.
func count(calls *int) weir.Step[int, int] {
	return weir.Func("inc", func(_ context.Context, n int) (int, error) {
		*calls++
		return n + 1, nil
	})
}

func TestB104_EndsWhenTheConditionHolds(t *testing.T) {
	t.Parallel()
	calls := 0
	s := loop.Until("grow", 10, func(n int) bool { return n >= 3 }, count(&calls))
	r, err := steptest.Execute(t, s, 0)
	if err != nil || r.Output != 3 || calls != 3 {
		t.Fatalf("got %d after %d calls, %v; want 3 after 3, nil", r.Output, calls, err)
	}
	if got := ended(t, r, "grow", loop.ExitCondition, 3); !got.Success() || got.Feedback() != "loop exited by condition" {
		t.Errorf("status %v, feedback %q", got.Status(), got.Feedback())
	}
	if body, _ := r.Step("grow/inc"); body.Count() != 3 {
		t.Errorf("the body's record counts %d executions; want 3", body.Count())
	}
}

func TestB105_MaximumIsAFailureWithTheLastOutput(t *testing.T) {
	t.Parallel()
	calls, after := 0, 0
	s := weir.Then(loop.Until("grow", 3, func(int) bool { return false }, count(&calls)),
		weir.Func("next", func(_ context.Context, n int) (int, error) { after++; return n, nil }))
	r, err := steptest.Execute(t, s, 0)
	steptest.Failed(t, err, plan.CodeMaxLoops, "grow")
	if got := ended(t, r, "grow", loop.ExitMax, 3); got.Success() || got.Output() != 3 || calls != 3 || after != 0 {
		t.Errorf("output %v after %d calls, next called %d times; want 3, 3, 0", got.Output(), calls, after)
	}
}

func TestTheOutputOfAReachedMaximumIsTheRunsOutput(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, loop.Until("grow", 3, func(int) bool { return false }, count(&calls)), 0)
	if err == nil || r.Output != 3 {
		t.Errorf("output %d, %v; want 3 and a failure", r.Output, err)
	}
}

func TestOnMaxContinueMakesTheMaximumASuccess(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, loop.Until("grow", 3, func(int) bool { return false }, count(&calls), loop.OnMax(loop.Continue)), 0)
	if err != nil || r.Output != 3 {
		t.Fatalf("got %d, %v; want 3, nil", r.Output, err)
	}
	ended(t, r, "grow", loop.ExitMax, 3)
}

func TestB106_AMaximumBelowOneDoesNotCompile(t *testing.T) {
	t.Parallel()
	calls := 0
	body := count(&calls)
	for _, max := range []int{0, -1} {
		steptest.Refused(t, loop.Until("grow", max, func(int) bool { return true }, body), "grow: a loop of at most")
		steptest.Refused(t, loop.While("grow", max, func(int) bool { return true }, body), "at least 1")
		steptest.Refused(t, loop.Times("grow", max, body), "at least 1")
		steptest.Refused(t, loop.New("grow", loop.Rules[int, int, int, int]{Max: max}, body), "at least 1")
	}
}

func TestMistakesInALoopAreReportedAtCompile(t *testing.T) {
	t.Parallel()
	calls := 0
	body := count(&calls)
	steptest.Refused(t, loop.Until("grow", 1, nil, body), "condition of Until is nil")
	steptest.Refused(t, loop.While("grow", 1, nil, body), "condition of While is nil")
	steptest.Refused(t, loop.Times("grow", 1, body, loop.Delay(-1)), "delay")
	steptest.Refused(t, loop.Until("grow", 1, func(int) bool { return true }, body, loop.OnMax("stop")), `on_max is "stop"`)
	steptest.Refused(t, loop.Times("grow", 1, body, loop.OnMax(loop.Fail)), "would fail always")
	steptest.Refused(t, loop.Times("grow", 1, weir.Step[int, int]{}), "the step is empty")
	steptest.Refused(t, loop.Times("grow", 0, body, loop.Delay(-1)), "at least 1")
	steptest.Refused(t, loop.Times("grow", 0, body, loop.Delay(-1)), "delay")
}

func TestTimesRunsItsNumberAndSucceeds(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, loop.Times("grow", 4, count(&calls)), 10)
	if err != nil || r.Output != 14 || calls != 4 {
		t.Fatalf("got %d after %d calls, %v; want 14 after 4", r.Output, calls, err)
	}
	ended(t, r, "grow", loop.ExitMax, 4)
}

func TestWhileAsksBeforeEachRound(t *testing.T) {
	t.Parallel()
	for in, want := range map[int]struct{ out, rounds int }{0: {3, 3}, 2: {3, 1}, 7: {7, 0}} {
		t.Run(fmt.Sprint(in), func(t *testing.T) {
			t.Parallel()
			calls := 0
			r, err := steptest.Execute(t, loop.While("grow", 3, func(n int) bool { return n < 3 }, count(&calls)), in)
			if err != nil || r.Output != want.out || calls != want.rounds {
				t.Fatalf("got %d after %d rounds, %v; want %v", r.Output, calls, err, want)
			}
			ended(t, r, "grow", loop.ExitCondition, want.rounds)
		})
	}
	calls := 0
	_, err := steptest.Execute(t, loop.While("grow", 2, func(n int) bool { return n < 3 }, count(&calls)), 0)
	steptest.Failed(t, err, plan.CodeMaxLoops, "grow")
}

func TestB114_AnEmptyBodyIsAFailure(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]weir.Step[int, int]{
		"named":  weir.Chain[int]("nothing"),
		"nested": weir.Then(weir.Chain[int]("a"), weir.Chain[int]("b")),
	} {
		for _, without := range []string{"", "all"} {
			t.Run(name+without, func(t *testing.T) {
				t.Parallel()
				c := &weir.Config{}
				if without != "" {
					c.Without = []string{without}
				}
				p, err := weir.Compile(loop.Times("grow", 3, body), c)
				if err != nil {
					t.Fatal(err)
				}
				r, err := p.Execute(t.Context(), 7)
				steptest.Failed(t, err, plan.CodeEmpty, "grow")
				if got := ended(t, r, "grow", loop.ExitEmpty, 0); got.Output() != 7 {
					t.Errorf("output %v; want the input, 7", got.Output())
				}
			})
		}
	}
}

func TestB115_NestedLoopsCountForThemselves(t *testing.T) {
	t.Parallel()
	calls := 0
	s := loop.Times("outer", 3, loop.Times("inner", 2, count(&calls)))
	r, err := steptest.Execute(t, s, 0)
	if err != nil || r.Output != 6 || calls != 6 {
		t.Fatalf("got %d after %d calls, %v; want 6 after 6", r.Output, calls, err)
	}
	ended(t, r, "outer", loop.ExitMax, 3)
	if inner := ended(t, r, "outer/inner", loop.ExitMax, 2); inner.Count() != 3 {
		t.Errorf("the inner loop ran %d times; want 3", inner.Count())
	}
}

func TestAnInnerMaximumIsABodyFailureOfTheOuterLoop(t *testing.T) {
	t.Parallel()
	calls := 0
	s := loop.Times("outer", 3, loop.Until("inner", 2, func(int) bool { return false }, count(&calls)))
	r, err := steptest.Execute(t, s, 0)
	steptest.Failed(t, err, plan.CodeMaxLoops, "outer[0]/inner")
	ended(t, r, "outer", loop.ExitBody, 1)
	ended(t, r, "outer/inner", loop.ExitMax, 2)
}

func TestARoundAllocatesNothing(t *testing.T) {
	t.Setenv(weir.WithoutEnv, "") // the plain twins cost more
	var calls int
	for _, rounds := range []int{100, 200} {
		p, err := weir.Compile(loop.Times("grow", rounds, weir.Func("inc", func(_ context.Context, n int) (int, error) {
			calls++
			return (n + 1) & 127, nil // small integers are not boxed
		})), nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		allocs := testing.AllocsPerRun(100, func() {
			if _, err := p.Run(ctx, 0); err != nil {
				t.Fatal(err)
			}
		})
		if allocs > 4 {
			t.Errorf("%d rounds allocate %v times a run; want at most 4", rounds, allocs)
		}
	}
	if calls == 0 {
		t.Error("the body never ran")
	}
}
