package weir_test

import (
	"context"
	"errors"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/usage"
)

// costs is a step that costs this many micro-USD.
func costs(name string, micro int64) weir.Step[int, int] {
	return weir.Func(name, func(ctx context.Context, n int) (int, error) {
		return n + 1, usage.Report(ctx, usage.Usage{Cost: micro})
	})
}

// within runs a step under a limit of its cost.
func within(t *testing.T, s weir.Step[int, int], micro int64) (*weir.Result[int], error) {
	t.Helper()
	return compile(t, s).Execute(t.Context(), 0, weir.Budget(usage.Limits{Cost: usage.AtMost(micro)}))
}

func TestB142_TheStepThatPassesTheLimitIsDoneAndTheNextIsNotBegun(t *testing.T) {
	t.Parallel()
	two := weir.Chain("main", costs("a", 100_000), costs("b", 100_000))
	if r, err := within(t, two, 200_000); err != nil || r.Usage.Cost != 200_000 {
		t.Errorf("spent == limit: %v", err)
	}
	r, err := within(t, weir.Chain("main", costs("a", 100_000), costs("b", 100_000), costs("c", 100_000)), 150_000)
	main, _ := r.Step("main")
	b, _ := r.Step("main/b")
	if !errors.Is(err, weir.ErrBudget) || len(main.Steps()) != 2 || !b.Success() || r.Usage.Cost != 200_000 {
		t.Errorf("%v: %d steps, b %v, cost %d", err, len(main.Steps()), b.Status(), r.Usage.Cost)
	}
	over, _ := errors.AsType[*usage.LimitError](err)
	if *over != (usage.LimitError{What: "cost", Limit: 150_000, Spent: 200_000, Left: 50_000}) || over.Over() != 50_000 {
		t.Errorf("breach %+v", over)
	}
	wants(t, err, "weir: main/b (func): cost limit of $0.15 exceeded: $0.2 spent")
}

func TestB143_ALimitOfNothingLetsAFreeStepPass(t *testing.T) {
	t.Parallel()
	if _, err := within(t, costs("free", 0), 0); err != nil {
		t.Errorf("a free step: %v", err)
	}
	if _, err := within(t, costs("cent", 10_000), 0); !errors.Is(err, weir.ErrBudget) {
		t.Errorf("a step of a cent: %v", err)
	}
}

func TestAnAttemptThatPassedALimitIsTheLast(t *testing.T) {
	t.Parallel()
	calls := 0
	fails := weir.Func("a", func(ctx context.Context, n int) (int, error) {
		calls++
		return 0, errors.Join(usage.Report(ctx, usage.Usage{Cost: 60}), errBoom)
	}).With(retry.UpTo(9))
	r, err := within(t, fails, 100)
	if !errors.Is(err, weir.ErrBudget) || calls != 2 || r.Usage.Cost != 120 {
		t.Errorf("%v after %d attempts for %d", err, calls, r.Usage.Cost)
	}
}

func TestANegativeLimitOfARunIsRefused(t *testing.T) {
	t.Parallel()
	if r, err := within(t, costs("a", 0), -1); plan.CodeOf(err) != plan.CodeConfig || len(r.Steps) != 0 {
		t.Errorf("%v, %d steps", err, len(r.Steps))
	}
}

func TestItemsShareTheBudget(t *testing.T) {
	t.Parallel()
	for _, width := range []int{1, 3} {
		items := each.Item("map", costs("item", 10), each.Width(width))
		p := compile(t, items)
		if _, err := p.Run(t.Context(), make([]int, 10), weir.Budget(usage.Limits{Cost: usage.AtMost(100)})); err != nil {
			t.Errorf("width %d: %v", width, err)
		}
		r, err := p.Execute(t.Context(), make([]int, 50), weir.Budget(usage.Limits{Cost: usage.AtMost(100)}))
		if !errors.Is(err, weir.ErrBudget) || r.Usage.Cost <= 100 || r.Usage.Cost > 100+int64(width)*10 {
			t.Errorf("width %d: %v after %d", width, err, r.Usage.Cost)
		}
	}
}
