package budget_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
	"github.com/weirflow/weir/weirtest"
)

func TestLayersPassWhatTheyMayNotSwallow(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]plan.Layer{
		"at most": budget.AtMost(only(9)), "from": budget.From(shared(t, 9)), "expect": budget.Expect(tokens(1)), "reserve": budget.Reserve(flat{}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			layertest.Passes(t, t.Context(), l, "in", "out")
			layertest.Passes(t, weirtest.Context(t), l, "in", "out")
		})
	}
}

func TestEachExecutionHasABudgetOfItsOwn(t *testing.T) {
	t.Parallel()
	s := spends("a", 6, nil).With(budget.AtMost(only(6)))
	r, err := compile(t, loop.Times("loop", 3, s), nil).Execute(t.Context(), "")
	if err != nil || r.Usage != tokens(18) {
		t.Errorf("%v, used %+v", err, r.Usage)
	}
	r, err = compile(t, weir.Chain("main", spends("a", 7, nil).With(budget.AtMost(only(6))), spends("b", 1, nil)), nil).Execute(t.Context(), "")
	a, _ := r.Step("main/a")
	if e := limits(t, err); e != (usage.LimitError{What: "tokens", Limit: 6, Spent: 7, Left: 6}) || !a.Success() || r.Usage != tokens(7) {
		t.Errorf("breach %+v, the step is %v, used %+v", e, a.Status(), r.Usage)
	}
	if at, _ := errors.AsType[*weir.StepError](err); at.Path != "main/a" {
		t.Errorf("the breach is at %s", at.Path)
	}
}

func TestABudgetHoldsForAttemptsAsItIsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		layers []plan.Layer
		calls  int64
	}{
		{[]plan.Layer{budget.AtMost(only(10)), retry.UpTo(4)}, 3}, // 4, 8, 12
		{[]plan.Layer{retry.UpTo(4), budget.AtMost(only(10))}, 4},
	} {
		var m usage.Totals
		_, err := compile(t, spends("a", 4, errBoom).With(c.layers...), &weir.Config{Meter: &m}).Run(t.Context(), "")
		if err == nil || m.Total() != tokens(4*c.calls) {
			t.Errorf("%v after %+v; want %d attempts", err, m.Total(), c.calls)
		}
	}
}

func TestABudgetHoldsForAllThatIsBelow(t *testing.T) {
	t.Parallel()
	join := func(_ context.Context, a, b string) (string, error) { return a + b, nil }
	list := weir.Func("list", func(context.Context, string) ([]string, error) { return make([]string, 4), nil })
	count := weir.Func("count", func(context.Context, []string) (string, error) { return "", nil })
	for name, s := range map[string]weir.Step[string, string]{
		"a sequence": weir.Chain("s", spends("a", 4, nil), spends("b", 4, nil)),
		"a loop":     loop.Times("l", 2, spends("a", 4, nil)),
		"a map":      weir.Then3(list, each.Item("m", spends("a", 2, nil), each.Width(2)), count),
		"a parallel": parallel.Join2("p", spends("a", 4, nil), spends("b", 4, nil), join),
	} {
		if r, err := compile(t, s.Named("step").With(budget.AtMost(only(8))), nil).Execute(t.Context(), ""); err != nil || r.Usage != tokens(8) {
			t.Errorf("%s: %v after %+v", name, err, r.Usage)
		}
		_, err := compile(t, s.Named("step").With(budget.AtMost(only(7))), nil).Run(t.Context(), "")
		if e := limits(t, err); e.Refused {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestAfterTheStepTheRunHasItsOwnBudgetAgain(t *testing.T) {
	t.Parallel()
	panics := weir.Func("p", func(context.Context, string) (string, error) { panic("boom") }).With(budget.AtMost(only(1)))
	first := fallback.To(panics, weir.Func("f", func(_ context.Context, in string) (string, error) { return in, nil }))
	var got usage.Limits
	last := weir.Func("last", func(ctx context.Context, in string) (string, error) {
		got = usage.SinkOf(ctx).Budget().Remaining()
		return in, nil
	})
	s := weir.Chain("main", first, spends("a", 2, nil).With(budget.AtMost(only(3))), last)
	_, err := compile(t, s, &weir.Config{Limits: only(10)}).Run(t.Context(), "")
	if err != nil || got != only(8) {
		t.Errorf("%v, %+v is left", err, got)
	}
}

func TestB064_ABreachOfAStepsBudgetDoesNotFallBack(t *testing.T) {
	t.Parallel()
	called := false
	alternate := weir.Func("b", func(context.Context, string) (string, error) { called = true; return "", nil })
	for _, primary := range []weir.Step[string, string]{
		spends("a", 5, errBoom).With(budget.AtMost(only(4))),
		spends("a", 5, nil).With(budget.AtMost(only(4))),
		spends("a", 5, nil).With(retry.UpTo(3), budget.Expect(tokens(5)), budget.AtMost(only(4))),
	} {
		_, err := compile(t, fallback.To(primary, alternate), nil).Run(t.Context(), "")
		if limits(t, err); called {
			t.Error("the alternate ran")
		}
	}
}

func TestRunsShareABudget(t *testing.T) {
	t.Parallel()
	b := shared(t, 10)
	p := compile(t, spends("a", 4, nil).With(budget.From(b)), nil)
	for range 2 {
		if _, err := p.Run(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
	}
	_, err := p.Run(t.Context(), "")
	if e := limits(t, err); e.Spent != 12 || e.Over() != 2 || b.Spent() != tokens(12) || left(b) != 0 {
		t.Errorf("breach %+v, the budget has %+v of %+v", e, b.Remaining(), b.Spent())
	}
}

func TestASharedBudgetIsNotDividedAndTheRunsIs(t *testing.T) {
	t.Parallel()
	b := shared(t, 100)
	got := make([]usage.Limits, 2)
	branch := func(name string, i int) weir.Step[string, string] {
		return weir.Func(name, func(ctx context.Context, in string) (string, error) {
			got[i] = usage.SinkOf(ctx).Budget().Remaining()
			return in, usage.Report(ctx, usage.Usage{Requests: 1, OutputTokens: 1})
		})
	}
	join := func(_ context.Context, a, b string) (string, error) { return a + b, nil }
	s := parallel.Join2("p", branch("a", 0), branch("b", 1), join, parallel.Width(1)).With(budget.From(b))
	_, err := compile(t, s, &weir.Config{Limits: usage.Limits{Calls: usage.AtMost(7)}}).Run(t.Context(), "")
	want := [2]usage.Limits{{Calls: usage.AtMost(4), Tokens: usage.AtMost(100)}, {Calls: usage.AtMost(3), Tokens: usage.AtMost(99)}}
	if err != nil || [2]usage.Limits(got) != want || left(b) != 98 {
		t.Errorf("%v: branches have %+v; %d left", err, got, left(b))
	}
}

func TestMistakesInABudgetDoNotCompile(t *testing.T) {
	t.Parallel()
	for text, l := range map[string]plan.Layer{
		"tokens limit is -1":   budget.AtMost(only(-1)),
		"put timeout.After":    budget.AtMost(usage.Limits{Duration: time.Second}),
		"budget.From(nil)":     budget.From(nil),
		"budget.Reserve(nil)":  budget.Reserve(nil),
		"round those that use": budget.Expect(tokens(1)),
	} {
		s := layertest.Step(func(context.Context, plan.Frame, any) (any, error) { return nil, nil }, l)
		if strings.HasPrefix(text, "round") {
			s = layertest.Group(l)
		}
		if err := layertest.Mistake(t, s); plan.CodeOf(err) != plan.CodeConfig || !strings.Contains(err.Error(), text) {
			t.Errorf("error %v, want %q", err, text)
		}
	}
}
