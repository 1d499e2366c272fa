package parallel_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
)

// spends is a branch that uses this much.
func spends(name string, u usage.Usage, err error) weir.Step[int, string] {
	return branch(name, func(ctx context.Context) error {
		if over := usage.Report(ctx, u); over != nil {
			return over
		}
		return err
	})
}

func tokens(n int64) usage.Usage { return usage.Usage{OutputTokens: n} }
func cost(n int64) usage.Usage   { return usage.Usage{Cost: n} }

// remains is how many tokens the step that runs may still use.
func remains(ctx context.Context) int64 { return usage.SinkOf(ctx).Budget().Remaining().Tokens.Value() }

// runs executes a step under limits.
func runs[I, O any](t *testing.T, s weir.Step[I, O], in I, l usage.Limits) (*weir.Result[O], error) {
	t.Helper()
	p, err := weir.Compile(s, &weir.Config{Limits: l})
	if err != nil {
		t.Fatal(err)
	}
	return p.Execute(t.Context(), in)
}

func TestB083_WhatFailedBranchesUsedIsCounted(t *testing.T) {
	t.Parallel()
	good := spends("a", usage.Usage{OutputTokens: 10, Cost: 100_000}, nil)
	bad := spends("b", usage.Usage{OutputTokens: 5, Cost: 50_000}, errBoom)
	r, err := runs(t, par(nil, good, bad), 1, usage.Limits{Cost: usage.AtMost(1_000_000)})
	want := usage.Usage{OutputTokens: 15, Cost: 150_000}
	if !errors.Is(err, errBoom) || r.Usage != want || step(t, r).Usage() != want {
		t.Errorf("%v; used %+v, the step %+v; want %+v", err, r.Usage, step(t, r).Usage(), want)
	}
}

func TestB084_ABreachInABranchEndsTheOthersAtOnce(t *testing.T) {
	t.Parallel()
	for _, policy := range []parallel.FailurePolicy{parallel.Propagate, parallel.Ignore} {
		breaches(t, policy)
	}
}

func TestB085_ABreachInABranchIsNotIgnored(t *testing.T) {
	t.Parallel()
	breaches(t, parallel.Ignore)
}

func breaches(t *testing.T, policy parallel.FailurePolicy) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		opts := []parallel.Option{parallel.OnFailure(policy)}
		over := branch("over", func(ctx context.Context) error {
			<-time.After(time.Second / 2) // the sibling has begun
			return usage.Report(ctx, cost(120_000))
		})
		steps := par(opts, spends("done", cost(20_000), nil), over, waits("long", time.Hour))
		r, err := runs(t, steps, 1, usage.Limits{Cost: usage.AtMost(100_000)})
		if took := time.Since(begun); took > time.Second {
			t.Errorf("it took %v", took)
		}
		breach, _ := errors.AsType[*usage.LimitError](err)
		at, _ := errors.AsType[*weir.StepError](err)
		if !errors.Is(err, weir.ErrBudget) || at.Path != "par/over" || breach.Spent != 120_000 || breach.Limit != 33_333 || !breach.Share {
			t.Errorf("error %v", err)
		}
		if s, _ := r.Step("par/over"); !s.Success() { // it has done its work
			t.Errorf("the branch that breached is %v", s.Status())
		}
		if s, _ := r.Step("par/long"); s.Status() != weir.Canceled {
			t.Errorf("the sibling is %v", s.Status())
		}
		if len(r.Output) != 3 || r.Output[0].Out != "done" || r.Usage.Cost != 140_000 {
			t.Errorf("output %v, usage %+v", r.Output, r.Usage)
		}
	})
}

func TestB087_BranchesDivideTheBudgetInDeclaredOrder(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 1} { // whoever runs when
		got := make([]int64, 3)
		names := []string{"a", "b", "c"}
		steps := make([]weir.Step[int, string], 3)
		for i, name := range names {
			steps[i] = branch(name, func(ctx context.Context) error {
				got[i] = remains(ctx)
				return errors.Join(usage.Report(ctx, tokens(1)), map[int]error{1: errBoom}[i])
			})
		}
		after := int64(-1)
		last := weir.Func("last", func(ctx context.Context, in []parallel.Branch[string]) (int, error) {
			after = remains(ctx)
			return len(in), nil
		})
		opts := []parallel.Option{parallel.OnFailure(parallel.Ignore), parallel.Width(width)}
		_, err := runs(t, weir.Then(par(opts, steps...), last), 1, usage.Limits{Tokens: usage.AtMost(10)})
		if err != nil || !slices.Equal(got, []int64{4, 3, 3}) || after != 7 {
			t.Errorf("width %d: shares %v, %d left after the step, %v", width, got, after, err)
		}
	}
}

func TestB087_SharesComeBackHoweverTheBranchesEnd(t *testing.T) {
	t.Parallel()
	panics := branch("panics", func(context.Context) error { panic("boom") })
	for name, other := range map[string]weir.Step[int, string]{
		"a failure": bad("x"), "a panic": panics.Named("x"), "nothing": good("x"), "a timeout": branch("x", func(ctx context.Context) error {
			return &plan.Error{Code: plan.CodeTimeout}
		}), "its own parallel step": weir.Then(par(nil, spends("in", tokens(1), nil), bad("out")).Named("x"),
			weir.Func("never", func(context.Context, []parallel.Branch[string]) (string, error) { return "", nil })),
	} {
		after := int64(-1)
		last := weir.Func("last", func(ctx context.Context, in []parallel.Branch[string]) (int, error) {
			after = remains(ctx)
			return 0, nil
		})
		opts := []parallel.Option{parallel.OnFailure(parallel.Ignore)}
		r, err := runs(t, weir.Then(par(opts, spends("a", tokens(2), nil), other), last), 1, usage.Limits{Tokens: usage.AtMost(9)})
		if err != nil || after != 9-r.Usage.Tokens() {
			t.Errorf("%s: %d left of 9 after %d were used, %v", name, after, r.Usage.Tokens(), err)
		}
	}
}

func TestAPauseGivesItsShareBack(t *testing.T) {
	t.Parallel()
	shared, err := usage.NewBudget(usage.Limits{Tokens: usage.AtMost(10)})
	if err != nil {
		t.Fatal(err)
	}
	asks := stops("asks", 0, plan.CodePaused).With(budget.Expect(tokens(3)))
	_, err = execute(t, par(nil, spends("a", tokens(2), nil), asks).With(budget.From(shared), budget.AtMost(usage.Limits{Tokens: usage.AtMost(8)})), 1)
	if got := shared.Remaining().Tokens.Value(); !errors.Is(err, weir.ErrPaused) || got != 8 {
		t.Errorf("%d left, %v; want 8 and the pause", got, err)
	}
}

func TestABranchMayNotUseWhatOthersHave(t *testing.T) {
	t.Parallel()
	_, err := runs(t, par(nil, spends("a", tokens(6), nil), good("b")), 1, usage.Limits{Tokens: usage.AtMost(10)})
	over, _ := errors.AsType[*usage.LimitError](err)
	if at, _ := errors.AsType[*weir.StepError](err); !errors.Is(err, weir.ErrBudget) || at.Path != "par/a" || over.Limit != 5 || !over.Share {
		t.Errorf("error %v", err)
	}
}

func TestItemsThatRunAtOnceDivideNothing(t *testing.T) {
	t.Parallel()
	for _, width := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			a := branch("a", func(ctx context.Context) error {
				<-time.After(time.Second) // the others have begun their parallel steps
				return usage.Report(ctx, tokens(3))
			})
			body := weir.Then(par(nil, a, spends("b", tokens(0), nil)),
				weir.Func("count", func(_ context.Context, in []parallel.Branch[string]) (int, error) { return len(in), nil }))
			items := each.Item("map", body, each.Width(width))
			r, err := runs(t, items, make([]int, 8), usage.Limits{Tokens: usage.AtMost(27)})
			if err != nil || r.Usage.Tokens() != 24 {
				t.Errorf("width %d: %d tokens, %v", width, r.Usage.Tokens(), err)
			}
		})
	}
}
