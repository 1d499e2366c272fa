package usage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// split divides a budget.
func split(tb testing.TB, b *usage.Budget, n int) []*usage.Budget {
	tb.Helper()
	shares, err := b.Split(n)
	if err != nil {
		tb.Fatal(err)
	}
	return shares
}

func TestB087_TenTokensOverThreeAreFourThreeThree(t *testing.T) {
	t.Parallel()
	b := budget(t, only(10))
	shares := split(t, b, 3)
	for i, want := range []int64{4, 3, 3} {
		leaves(t, shares[i], want)
	}
	leaves(t, b, 0)
	_ = shares[0].Spend(tokens(4))
	_ = shares[1].Spend(tokens(1))
	e := breach(t, shares[2].Spend(tokens(5)))
	if e != (usage.LimitError{What: "tokens", Limit: 3, Spent: 5, Left: 3, Share: true}) {
		t.Errorf("breach %+v", e)
	}
	if want := "token limit of 3 exceeded: 5 used (the limit is one branch's share)"; e.Error() != want {
		t.Errorf("text %q, want %q", e.Error(), want)
	}
	for _, s := range shares {
		s.Return()
		s.Return() // once more changes nothing
		leaves(t, s, 0)
	}
	leaves(t, b, 0)
	if b.Spent() != tokens(10) {
		t.Errorf("spent %+v", b.Spent())
	}
}

func TestSplitIntoNothingIsAnError(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, -1} {
		if shares, err := budget(t, only(3)).Split(n); shares != nil || plan.CodeOf(err) != plan.CodeConfig {
			t.Errorf("%v, %v", shares, err)
		}
	}
}

func TestOneShareIsTheWhole(t *testing.T) {
	t.Parallel()
	b := budget(t, usage.Limits{Calls: usage.AtMost(7), Cost: usage.AtMost(math.MaxInt64)})
	whole := b.Remaining()
	share := split(t, b, 1)[0]
	if share.Remaining() != whole || b.Remaining() != (usage.Limits{Calls: usage.AtMost(0), Cost: usage.AtMost(0)}) {
		t.Errorf("the share has %+v, %+v is left", share.Remaining(), b.Remaining())
	}
	share.Return()
	if b.Remaining() != whole {
		t.Errorf("%+v came back", b.Remaining())
	}
}

func TestSharesAreSplitAndOthersAreNot(t *testing.T) {
	t.Parallel()
	shared := budget(t, usage.Limits{Calls: usage.AtMost(100)})
	run := budget(t, only(20)).And(shared)
	shares := split(t, run.Sub(usage.Limits{Cost: usage.AtMost(9)}), 2)
	want := usage.Limits{Calls: usage.AtMost(100), Tokens: usage.AtMost(10), Cost: usage.AtMost(5)}
	if shares[0].Remaining() != want {
		t.Errorf("a share has %+v, want %+v", shares[0].Remaining(), want)
	}
	below := split(t, shares[1], 2)
	want = usage.Limits{Calls: usage.AtMost(100), Tokens: usage.AtMost(5), Cost: usage.AtMost(2)}
	if below[0].Remaining() != want {
		t.Errorf("a share of a share has %+v, want %+v", below[0].Remaining(), want)
	}
	for _, s := range below {
		_ = s.Spend(usage.Usage{Requests: 1, OutputTokens: 1})
		s.Return()
	}
	shares[1].Return()
	shares[0].Return()
	if got := run.Remaining(); got != (usage.Limits{Calls: usage.AtMost(98), Tokens: usage.AtMost(18)}) {
		t.Errorf("%+v came back", got)
	}
	in := split(t, run.Common(), 2)
	if got := in[1].Remaining(); got != run.Remaining() {
		t.Errorf("what is had in common was divided: %+v", got)
	}
}

func TestWhatIsSetAsideInAShareComesBackWithIt(t *testing.T) {
	t.Parallel()
	b := budget(t, only(10))
	shares := split(t, b, 2)
	_ = shares[0].Reserve(tokens(5))
	shares[0].Return()
	leaves(t, b, 5)
	shares[0].Release(tokens(5)) // too late: it is back already
	leaves(t, b, 5)
	if e := breach(t, shares[0].Reserve(tokens(1))); !e.Refused {
		t.Errorf("a share that was returned gave %+v", e)
	}
	_ = b.Spend(tokens(1)) // what is back can be used while the other share is out
	shares[1].Return()
	leaves(t, b, 9)
}

// TestTheSumIsKept splits at random, spends in many goroutines and returns; what is left and what was used is the whole.
func TestTheSumIsKept(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		whole := usage.Limits{Calls: usage.AtMost(r.Int64N(300)), Tokens: usage.AtMost(r.Int64N(1000)), Cost: usage.AtMost(r.Int64N(5000))}
		b := budget(t, whole)
		var used usage.Totals
		var wg sync.WaitGroup
		live(t, b, &wg, &used, seed, 3)
		wg.Wait()
		left, sum := b.Remaining(), used.Total()
		if b.Spent() != sum {
			t.Errorf("seed %d: %+v was used, the budget says %+v", seed, sum, b.Spent())
		}
		got := fmt.Sprint(left.Calls.Value()+sum.Requests, left.Tokens.Value()+sum.Tokens(), left.Cost.Value()+sum.Cost)
		if want := fmt.Sprint(whole.Calls.Value(), whole.Tokens.Value(), whole.Cost.Value()); got != want {
			t.Errorf("seed %d: left and used are %s together, want %s", seed, got, want)
		}
	}
}

// live uses a budget as branches do, and branches of branches: never more than was set aside.
func live(tb testing.TB, b *usage.Budget, wg *sync.WaitGroup, used *usage.Totals, seed uint64, depth int) {
	r := rand.New(rand.NewPCG(seed, uint64(depth)))
	for range 5 {
		u := usage.Usage{Requests: r.Int64N(4), InputTokens: r.Int64N(9), OutputTokens: r.Int64N(9), Cost: r.Int64N(99)}
		if b.Reserve(u) != nil {
			continue
		}
		part := usage.Usage{Requests: u.Requests, InputTokens: u.InputTokens, Cost: u.Cost / 2}
		if err := b.Reconcile(u, part); err != nil {
			tb.Errorf("what was set aside is missing: %v", err)
		}
		used.Add(tb.Context(), part)
	}
	if depth == 0 {
		return
	}
	var below sync.WaitGroup
	for i, share := range split(tb, b, 1+r.IntN(5)) {
		below.Go(func() {
			defer share.Return()
			var inner sync.WaitGroup
			live(tb, share, &inner, used, seed*7+uint64(i), depth-1)
			inner.Wait()
		})
	}
	below.Wait()
}
