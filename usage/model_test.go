package usage_test

import (
	"math/rand/v2"
	"testing"

	"github.com/weirflow/weir/usage"
)

// wallet is a budget as one would first write it: tokens only, one goroutine, numbers in the open.
type wallet struct {
	limit, spent, aside int64
	parent              *wallet
}

func (w *wallet) left() int64 { return max(0, w.limit-w.spent-w.aside) }

func (w *wallet) reserve(n int64) bool {
	for p := w; p != nil; p = p.parent {
		if n > p.left() {
			return false
		}
	}
	for p := w; p != nil; p = p.parent {
		p.aside += n
	}
	return true
}

func (w *wallet) reconcile(held, used int64) (fine bool) {
	fine = true
	for p := w; p != nil; p = p.parent {
		if used-held > p.left() {
			fine = false
		}
		p.aside -= held
		p.spent += used
	}
	return fine
}

func TestABudgetDoesWhatThePlainModelDoes(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		n, m := r.Int64N(60), r.Int64N(40)
		plainParent := &wallet{limit: n}
		plain := &wallet{limit: m, parent: plainParent}
		parent := budget(t, only(n))
		child := parent.Sub(only(m))
		var held []int64
		for range 60 {
			amount := r.Int64N(12)
			if len(held) == 0 || r.IntN(2) == 0 {
				want := plain.reserve(amount)
				if got := child.Reserve(tokens(amount)) == nil; got != want {
					t.Fatalf("seed %d: reserve(%d) is %v, want %v", seed, amount, got, want)
				}
				if want {
					held = append(held, amount)
				}
			} else {
				last := held[len(held)-1]
				held = held[:len(held)-1]
				want := plain.reconcile(last, amount)
				if got := child.Reconcile(tokens(last), tokens(amount)) == nil; got != want {
					t.Fatalf("seed %d: reconcile(%d, %d) is %v, want %v", seed, last, amount, got, want)
				}
			}
			leaves(t, parent, plainParent.left())
			leaves(t, child, min(plain.left(), plainParent.left()))
			if left := child.Remaining().Tokens.Value(); left < 0 || child.Spent() != (usage.Usage{InputTokens: plain.spent}) {
				t.Fatalf("seed %d: %d left, %+v spent", seed, left, child.Spent())
			}
		}
	}
}
