package usage_test

import (
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

func budget(tb testing.TB, l usage.Limits) *usage.Budget {
	tb.Helper()
	b, err := usage.NewBudget(l)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// tokens is usage of n tokens, and only limits of n tokens.
func tokens(n int64) usage.Usage { return usage.Usage{InputTokens: n} }
func only(n int64) usage.Limits  { return usage.Limits{Tokens: usage.AtMost(n)} }

// leaves checks what a budget has left of tokens.
func leaves(tb testing.TB, b *usage.Budget, want int64) {
	tb.Helper()
	if got := b.Remaining(); got != only(want) {
		tb.Errorf("%+v is left, want %d tokens", got, want)
	}
}

// breach gives the limit error in err, failing the test where there is none.
func breach(tb testing.TB, err error) usage.LimitError {
	tb.Helper()
	e, ok := errors.AsType[*usage.LimitError](err)
	if !ok || !errors.Is(err, plan.ErrBudget) || !plan.Final(err) {
		tb.Fatalf("error %v, want a breach that nothing swallows", err)
	}
	return *e
}

func TestB009_ABudgetOfNegativeLimitsIsRefused(t *testing.T) {
	t.Parallel()
	if b, err := usage.NewBudget(only(-1)); b != nil || plan.CodeOf(err) != plan.CodeConfig {
		t.Errorf("%v, %v", b, err)
	}
	leaves(t, budget(t, only(0)), 0)
	leaves(t, budget(t, usage.Limits{}).Sub(only(-7)), 0)
}

func TestB140_OfAHundredAtOnceFiftyGetTheirs(t *testing.T) {
	t.Parallel()
	for range 50 {
		b := budget(t, only(50)).And(budget(t, only(60)))
		var got atomic.Int64
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if b.Reserve(tokens(1)) == nil {
					got.Add(1)
				}
			})
		}
		wg.Wait()
		if got.Load() != 50 {
			t.Fatalf("%d reservations, want 50", got.Load())
		}
		leaves(t, b, 0)
	}
}

func TestB141_ReconcilingGivesBackASurplusAndTakesTheRest(t *testing.T) {
	t.Parallel()
	b := budget(t, only(6))
	if err := b.Reserve(tokens(5)); err != nil {
		t.Fatal(err)
	}
	leaves(t, b, 1)
	if err := b.Reconcile(tokens(5), tokens(2)); err != nil {
		t.Fatal(err)
	}
	leaves(t, b, 4)

	b = budget(t, only(6))
	_ = b.Reserve(tokens(5))
	e := breach(t, b.Reconcile(tokens(5), tokens(8)))
	if e != (usage.LimitError{What: "tokens", Limit: 6, Spent: 8, Left: 1}) || e.Over() != 2 {
		t.Errorf("breach %+v, over %d", e, e.Over())
	}
	leaves(t, b, 0)
}

func TestAReservationIsAllOrNothing(t *testing.T) {
	t.Parallel()
	all := usage.Limits{Calls: usage.AtMost(5), Tokens: usage.AtMost(10), Cost: usage.AtMost(100)}
	b := budget(t, all)
	e := breach(t, b.Reserve(usage.Usage{Requests: 2, InputTokens: 6, OutputTokens: 5, Cost: 50}))
	if e != (usage.LimitError{What: "tokens", Limit: 10, Left: 10, Refused: true, Wanted: 11}) || e.Over() != 0 {
		t.Errorf("refusal %+v", e)
	}
	if b.Remaining() != all {
		t.Errorf("a refused reservation left %+v", b.Remaining())
	}
	if err := b.Reserve(usage.Usage{Requests: 5, OutputTokens: 10, Cost: 100}); err != nil {
		t.Errorf("exactly what is left was refused: %v", err)
	}
	if err := b.Reserve(usage.Usage{}); err != nil {
		t.Errorf("nothing was refused: %v", err)
	}
	if err := b.Reserve(usage.Usage{Requests: -1, InputTokens: math.MinInt64, Cost: -9}); err != nil {
		t.Errorf("negative estimates do not count as 0: %v", err)
	}
	if b.Remaining() != (usage.Limits{Calls: usage.AtMost(0), Tokens: usage.AtMost(0), Cost: usage.AtMost(0)}) {
		t.Errorf("%+v is left, want nothing", b.Remaining())
	}
}

func TestARefundIsNeverMoreThanWasTaken(t *testing.T) {
	t.Parallel()
	b := budget(t, only(10))
	b.Release(tokens(5))
	leaves(t, b, 10)
	_ = b.Reserve(tokens(3))
	b.Release(tokens(math.MaxInt64))
	leaves(t, b, 10)
	if err := b.Reconcile(tokens(4), tokens(4)); err != nil { // never reserved: it is taken all the same
		t.Error(err)
	}
	leaves(t, b, 6)
}

func TestB143_ABudgetOfNothingLetsFreeStepsPass(t *testing.T) {
	t.Parallel()
	b := budget(t, usage.Limits{Cost: usage.AtMost(0)})
	if err := b.Spend(usage.Usage{Requests: 2, InputTokens: 7}); err != nil {
		t.Errorf("a free step was a breach: %v", err)
	}
	if e := breach(t, b.Spend(usage.Usage{Cost: 10_000})); e.Over() != 10_000 {
		t.Errorf("breach %+v", e)
	}
	if err := b.Spend(usage.Usage{Requests: 1}); err != nil {
		t.Errorf("after the breach a free step was one: %v", err)
	}
}

func TestWhatOthersSetAsideIsNotLeft(t *testing.T) {
	t.Parallel()
	b := budget(t, only(10))
	_ = b.Reserve(tokens(5))
	_ = b.Reserve(tokens(5))
	e := breach(t, b.Reconcile(tokens(5), tokens(8)))
	if e != (usage.LimitError{What: "tokens", Limit: 10, Spent: 8, Reserved: 5}) || e.Over() != 3 {
		t.Errorf("breach %+v", e)
	}
	if want := "token limit of 10 exceeded: 8 used, 5 set aside for steps that run"; e.Error() != want {
		t.Errorf("text %q, want %q", e.Error(), want)
	}
	if err := b.Reconcile(tokens(5), tokens(2)); err != nil {
		t.Error(err)
	}
	leaves(t, b, 0) // ten of ten were used: what came back is not given out a second time
	if b.Spent() != tokens(10) {
		t.Errorf("spent %+v", b.Spent())
	}
}

func TestASubBudgetTakesFromItsParentToo(t *testing.T) {
	t.Parallel()
	parent := budget(t, only(10))
	child := parent.Sub(usage.Limits{Tokens: usage.AtMost(6), Calls: usage.AtMost(2)})
	if err := child.Spend(usage.Usage{Requests: 1, OutputTokens: 4}); err != nil {
		t.Fatal(err)
	}
	leaves(t, parent, 6)
	if child.Remaining() != (usage.Limits{Tokens: usage.AtMost(2), Calls: usage.AtMost(1)}) {
		t.Errorf("the child has %+v left", child.Remaining())
	}
	if e := breach(t, child.Reserve(tokens(3))); !e.Refused || e.Limit != 6 {
		t.Errorf("refusal %+v", e)
	}
	leaves(t, parent, 6) // a refusal takes nothing anywhere
	_ = parent.Spend(tokens(5))
	if e := breach(t, child.Reserve(tokens(2))); e.Limit != 10 || e.Left != 1 {
		t.Errorf("the parent's refusal is %+v", e)
	}
	if e := breach(t, child.Spend(tokens(3))); e.Limit != 6 || e.Over() != 1 { // the nearest is told
		t.Errorf("breach %+v", e)
	}
	if same := parent.Sub(usage.Limits{}); same != parent {
		t.Error("a sub-budget without limits is not its parent")
	}
}

func TestASubBudgetIsSplitWithItsParent(t *testing.T) {
	t.Parallel()
	shares, err := budget(t, only(10)).Sub(only(100)).Split(2)
	if err != nil {
		t.Fatal(err)
	}
	leaves(t, shares[0], 5)
	leaves(t, shares[1], 5)
}

// Budgets lock their purses in one order, however deep they stand: otherwise two of them could wait for each other for ever.
func TestBudgetsOfSeveralDepthsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 20 { // the order of purses is random
			outer := budget(t, only(1e9))
			middle := outer.Sub(only(1e9))
			inner := middle.Sub(only(1e9))
			var wg sync.WaitGroup
			for _, b := range []*usage.Budget{outer, middle, inner} {
				for range 2 {
					wg.Go(func() {
						for range 2000 {
							_ = b.Spend(tokens(1))
						}
					})
				}
			}
			wg.Wait()
			leaves(t, outer, 1e9-12000)
		}
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("they wait for each other")
	}
}

func TestAllocOfASubBudgetIsOne(t *testing.T) {
	run := budget(t, only(10))
	if n := testing.AllocsPerRun(200, func() { run.Sub(only(5)) }); n != 1 {
		t.Errorf("%v allocations", n)
	}
}

func TestABudgetUnderTwoNamesIsTakenFromOnce(t *testing.T) {
	t.Parallel()
	shared := budget(t, only(10))
	twice := budget(t, only(9)).And(shared).Sub(only(8)).And(shared)
	_ = twice.Spend(tokens(3))
	leaves(t, shared, 7)
	leaves(t, twice, 5)
}

func TestNoBudgetHasNoLimits(t *testing.T) {
	t.Parallel()
	var none *usage.Budget
	for name, b := range map[string]*usage.Budget{"nil": none, "the zero value": {}, "no limits": budget(t, usage.Limits{})} {
		shares, err := b.Split(2)
		if err != nil || len(shares) != 2 {
			t.Fatalf("%s: %v, %v", name, shares, err)
		}
		for _, x := range []*usage.Budget{b, shares[1], b.Common(), b.And(nil)} {
			if err := errors.Join(x.Reserve(tokens(math.MaxInt64)), x.Reconcile(tokens(1), tokens(math.MaxInt64)), x.Spend(tokens(9))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			x.Release(tokens(1))
			x.Return()
			if x.Remaining() != (usage.Limits{}) {
				t.Errorf("%s leaves %+v", name, x.Remaining())
			}
		}
		leaves(t, b.Sub(only(3)), 3)
		leaves(t, b.And(budget(t, only(4))), 4)
	}
}

func TestWhatCannotBeReservedIsSaid(t *testing.T) {
	t.Parallel()
	b := budget(t, usage.Limits{Cost: usage.AtMost(100_000)})
	_ = b.Reserve(usage.Usage{Cost: 80_000})
	err := b.Reserve(usage.Usage{Cost: 50_000})
	if want := "cost limit of $0.1 leaves too little: $0.05 expected, $0.02 left, $0.08 set aside for steps that run"; err.Error() != want {
		t.Errorf("text %q, want %q", err, want)
	}
	calls := budget(t, usage.Limits{Calls: usage.AtMost(0)})
	if want := "limit of 0 calls leaves too little: 1 expected, 0 left"; calls.Reserve(usage.Usage{Requests: 1}).Error() != want {
		t.Errorf("text %q, want %q", calls.Reserve(usage.Usage{Requests: 1}), want)
	}
}
