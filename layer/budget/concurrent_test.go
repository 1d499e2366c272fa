package budget_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/usage"
)

// crowd starts this many runs of a plan at once and counts those that were refused.
func crowd(t *testing.T, p *weir.Plan[string, string], runs int) (refused int) {
	t.Helper()
	var denied atomic.Int64
	var wg sync.WaitGroup
	for range runs {
		wg.Go(func() {
			_, err := p.Run(t.Context(), "hi")
			if e, ok := errors.AsType[*usage.LimitError](err); ok && e.Refused {
				denied.Add(1)
			}
		})
	}
	wg.Wait()
	return int(denied.Load())
}

func TestB140_OfAThousandAtOnceExactlyThoseRunThatTheBudgetIsEnoughFor(t *testing.T) {
	t.Parallel()
	rounds := 100
	if raced || testing.Short() {
		rounds = 5
	}
	for range rounds {
		var calls atomic.Int64
		m := model.Func(func(context.Context, *model.Request) (*model.Response, error) {
			calls.Add(1)
			return &model.Response{Text: "ok", Usage: tokens(3)}, nil
		})
		b := shared(t, 500*3)
		refused := crowd(t, compile(t, ask(m).With(budget.From(b)), &weir.Config{Estimator: flat(tokens(3))}), 1000)
		if calls.Load() != 500 || refused != 500 || left(b) != 0 || b.Spent() != (usage.Usage{Requests: 500, OutputTokens: 1500}) {
			t.Fatalf("%d calls, %d refused, %d left after %+v", calls.Load(), refused, left(b), b.Spent())
		}
	}
}

func TestB141_WhatIsUsedBeyondIsAtMostTheExcessOfTheCallsInFlight(t *testing.T) {
	t.Parallel()
	rounds := 30
	if raced || testing.Short() {
		rounds = 3
	}
	const estimate, actual, budgeted, flight = 3, 6, 1500, 10
	for range rounds {
		var told usage.Totals
		var now, most atomic.Int64
		m := model.Func(func(context.Context, *model.Request) (*model.Response, error) {
			for n, seen := now.Add(1), most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
			}
			defer now.Add(-1)
			return &model.Response{Text: "ok", Usage: tokens(actual)}, nil
		})
		b := shared(t, budgeted)
		// Reserved inside the limit, so that those who wait for it hold nothing.
		s := ask(m).With(budget.From(b), limit.At(flight), budget.Expect(tokens(estimate)))
		var worst atomic.Int64
		var wg sync.WaitGroup
		p := compile(t, s, &weir.Config{Meter: &told})
		for range 1000 {
			wg.Go(func() {
				_, err := p.Run(t.Context(), "hi")
				if e, ok := errors.AsType[*usage.LimitError](err); ok {
					for over, seen := e.Over(), worst.Load(); over > seen && !worst.CompareAndSwap(seen, over); seen = worst.Load() {
					}
				}
			})
		}
		wg.Wait()
		spent := b.Spent().OutputTokens
		over := spent - budgeted
		if spent != told.Total().OutputTokens || left(b) != 0 || over > flight*(actual-estimate) || most.Load() > flight {
			t.Fatalf("%d used (the meter says %+v), %d at once, %d left", spent, told.Total(), most.Load(), left(b))
		}
		if over > 0 && worst.Load() < over {
			t.Fatalf("%d was used beyond the limit, and at most %d reported", over, worst.Load())
		}
	}
}

func TestBranchesOfManyRunsShareOneBudget(t *testing.T) {
	t.Parallel()
	b := shared(t, 300)
	var calls atomic.Int64
	m := model.Func(func(context.Context, *model.Request) (*model.Response, error) {
		calls.Add(1)
		return &model.Response{Text: "ok", Usage: tokens(1)}, nil
	})
	s := twins(ask(m), 4).With(budget.From(b))
	crowd(t, compile(t, s, &weir.Config{Estimator: flat(tokens(1)), Limits: usage.Limits{Calls: usage.AtMost(8)}}), 200)
	if calls.Load() != 300 || left(b) != 0 {
		t.Errorf("%d calls, %d left", calls.Load(), left(b))
	}
}
