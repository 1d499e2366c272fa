package loop_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/steptest"
	"github.com/weirflow/weir/usage"
)

var errBoom = errors.New("boom")

// inc adds one, and fails in the execution with number bad, from 1; 0: in none.
func inc(name string, calls *int, bad int) weir.Step[int, int] {
	return weir.Func(name, func(_ context.Context, n int) (int, error) {
		*calls++
		if *calls == bad {
			return 0, errBoom
		}
		return n + 1, nil
	})
}

func TestB111_AFailedBodyEndsTheLoop(t *testing.T) {
	t.Parallel()
	var first, second int
	s := loop.Until("grow", 5, func(n int) bool { return n > 100 }, weir.Then(inc("one", &first, 2), inc("two", &second, 0)))
	r, err := steptest.Execute(t, s, 0)
	steptest.Failed(t, err, plan.CodeFailed, "grow[1]/one")
	if !errors.Is(err, errBoom) || first != 2 || second != 1 {
		t.Errorf("%v; one ran %d times, two %d; want boom, 2, 1", err, first, second)
	}
	ended(t, r, "grow", loop.ExitBody, 2)
}

var counter = state.NewKey[int]("counter")

func TestB110_RoundsAndConditionsSeeWhatEarlierRoundsWrote(t *testing.T) {
	t.Parallel()
	var seen, asked []int
	body := weir.Func("bump", func(ctx context.Context, n int) (int, error) {
		seen = append(seen, counter.Get(ctx))
		counter.Update(ctx, func(v int) int { return v + 1 })
		return n, nil
	})
	r, err := steptest.Execute(t, loop.New("grow", loop.Rules[int, int, int, int]{Max: 9, Until: func(ctx context.Context, _, _ int) (bool, error) {
		asked = append(asked, counter.Get(ctx))
		return counter.Get(ctx) == 3, nil
	}}, body), 0)
	if err != nil || !slices.Equal(seen, []int{0, 1, 2}) || !slices.Equal(asked, []int{1, 2, 3}) {
		t.Errorf("rounds saw %v, the condition %v, %v; want [0 1 2], [1 2 3]", seen, asked, err)
	}
	if got, _ := counter.From(r.State); got != 3 {
		t.Errorf("the run's state has %d; want 3", got)
	}
}

func TestAFailedLoopLeavesNothingInTheState(t *testing.T) {
	t.Parallel()
	calls := 0
	bump := weir.Func("bump", func(ctx context.Context, n int) (int, error) {
		counter.Update(ctx, func(v int) int { return v + 1 })
		return n, nil
	})
	r, err := steptest.Execute(t, loop.Times("grow", 3, weir.Then(bump, inc("one", &calls, 2))), 0)
	if err == nil {
		t.Fatal("no failure")
	}
	if got, _ := counter.From(r.State); got != 0 {
		t.Errorf("the run's state has %d; want nothing", got)
	}
}

func TestContinueOnFailureGoesOnAndFailsInTheEnd(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, loop.Until("grow", 9, func(n int) bool { return n == 3 }, inc("one", &calls, 2), loop.ContinueOnFailure()), 0)
	steptest.Failed(t, err, plan.CodeFailed, "grow[1]/one")
	if r.Output != 3 || calls != 4 {
		t.Errorf("output %d after %d rounds; want 3 after 4", r.Output, calls)
	}
	ended(t, r, "grow", loop.ExitCondition, 4)
}

func TestContinueOnFailureKeepsWhatFinishedStepsWrote(t *testing.T) {
	t.Parallel()
	calls, saw := 0, 0
	bump := weir.Func("bump", func(ctx context.Context, n int) (int, error) {
		saw = counter.Get(ctx)
		counter.Set(ctx, saw+1)
		return n, nil
	})
	_, err := steptest.Execute(t, loop.Times("grow", 3, weir.Then(bump, inc("one", &calls, 2)), loop.ContinueOnFailure()), 0)
	if !errors.Is(err, errBoom) || saw != 2 {
		t.Errorf("the third round saw %d, %v; want 2 and boom", saw, err)
	}
}

func TestContinueOnFailureStartsAgainWithTheFirstInput(t *testing.T) {
	t.Parallel()
	calls := 0
	asked := []int(nil)
	until := func(n int) bool { asked = append(asked, n); return n == 42 }
	r, err := steptest.Execute(t, loop.Until("grow", 9, until, inc("one", &calls, 1), loop.ContinueOnFailure()), 41)
	if !errors.Is(err, errBoom) || r.Output != 42 || !slices.Equal(asked, []int{42}) {
		t.Errorf("output %d, asked about %v, %v; want 42, [42], boom", r.Output, asked, err)
	}
	r, err = steptest.Execute(t, loop.Times("grow", 2, weir.Func("bad", func(context.Context, int) (int, error) { return 5, errBoom }),
		loop.ContinueOnFailure()), 1)
	if s := ended(t, r, "grow", loop.ExitMax, 2); !errors.Is(err, errBoom) || s.Output() != nil {
		t.Errorf("output %v, %v; want nil, boom", s.Output(), err)
	}
}

func TestContinueOnFailureStartsAgainWithWhatStartMade(t *testing.T) {
	t.Parallel()
	calls := 0
	tenfold := func(_ context.Context, n int) (int, error) { return n * 10, nil }
	r, err := steptest.Execute(t, loop.New("grow", numbers{Max: 2, Start: tenfold}, inc("one", &calls, 1), loop.ContinueOnFailure()), 1)
	if !errors.Is(err, errBoom) || r.Output != 11 {
		t.Errorf("output %d, %v; want 11 and boom", r.Output, err)
	}
}

func TestAReachedMaximumTellsTheLastFailedRound(t *testing.T) {
	t.Parallel()
	calls := 0
	_, err := steptest.Execute(t, loop.Until("grow", 2, func(int) bool { return false }, inc("one", &calls, 2), loop.ContinueOnFailure()), 0)
	steptest.Failed(t, err, plan.CodeMaxLoops, "grow")
	if !errors.Is(err, errBoom) {
		t.Errorf("%v does not lead to the failure of the round", err)
	}
}

func TestWhatNobodyMaySwallowPassesUntouched(t *testing.T) {
	t.Parallel()
	for _, c := range []plan.Code{plan.CodePaused, plan.CodeAborted, plan.CodeBudget, plan.CodeMissingAgent} {
		t.Run(string(c), func(t *testing.T) {
			t.Parallel()
			n := 0
			body := weir.Func("ask", func(_ context.Context, v int) (int, error) {
				if n++; n == 3 {
					return 0, &plan.Error{Code: c, Text: "stop"}
				}
				return v, nil
			})
			r, err := steptest.Execute(t, loop.Times("grow", 9, body, loop.ContinueOnFailure()), 0)
			steptest.Failed(t, err, c, "grow[2]/ask")
			reason := any(nil)
			if c == plan.CodeBudget {
				reason = loop.ExitBudget
			}
			ended(t, r, "grow", reason, 2)
			if n != 3 {
				t.Errorf("the body ran %d times; want 3", n)
			}
		})
	}
}

func TestB112_ABudgetBreachCountsFinishedRounds(t *testing.T) {
	t.Parallel()
	spend := weir.Func("spend", func(ctx context.Context, n int) (int, error) {
		return n + 1, usage.Report(ctx, usage.Usage{Cost: 100_000})
	})
	r, err := steptest.Execute(t, loop.Until("grow", 9, func(int) bool { return false }, spend), 0, weir.Budget(usage.Limits{Cost: usage.AtMost(250_000)}))
	if !errors.Is(err, weir.ErrBudget) {
		t.Fatalf("got %v; want the budget breach", err)
	}
	ended(t, r, "grow", loop.ExitBudget, 2)
	if r.Usage.Cost != 300_000 {
		t.Errorf("the run cost %v; want all three rounds", r.Usage.Cost)
	}
}

func TestTheDelayStandsBetweenRoundsOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls, begun := 0, time.Now()
		r, err := steptest.Execute(t, loop.Times("grow", 3, count(&calls), loop.Delay(time.Hour)), 0)
		if err != nil || r.Output != 3 || time.Since(begun) != 2*time.Hour {
			t.Errorf("got %d, %v after %v; want 3 after 2h", r.Output, err, time.Since(begun))
		}
	})
}

func TestCancellationEndsTheDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		p, err := weir.Compile(loop.Times("grow", 3, count(&calls), loop.Delay(time.Hour)), nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		begun := time.Now()
		r, err := p.Execute(ctx, 0)
		if !errors.Is(err, weir.ErrCanceled) || time.Since(begun) != time.Minute || calls != 1 {
			t.Errorf("got %v after %v and %d rounds; want canceled after a minute and 1", err, time.Since(begun), calls)
		}
		ended(t, r, "grow", nil, 1)
	})
}

func TestAPanicInTheConditionIsAFailureThatSaysWhere(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, loop.Until("grow", 3, func(int) bool { panic("bug") }, count(&calls)), 0)
	steptest.Failed(t, err, plan.CodePanic, "grow")
	ended(t, r, "grow", loop.ExitAsked, 1)
}
