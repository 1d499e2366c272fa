package usage

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"sync"
)

// Budget is what may still be used. It is safe for use by several goroutines, and each of its methods happens at one moment:
// nobody sees half of it, and of several that want the last of it exactly as many get some as it is enough for.
//
// A budget may stand on others: what is taken from it is taken from those as well, and it gives nothing that one of them does
// not have. A nil Budget, and the zero value, have no limits.
type Budget struct {
	purses []*purse  // what is taken from, nearest first
	locked *[]*purse // the same in the order in which they are locked; nil for one or two, of which lock sees it
	own    int32     // how many of the first purses are this budget's alone: Split divides these
	shared bool      // they are shares, which Return gives back
}

// purse is one set of limits and what was taken of it. Every run of a step with limits makes one: what only shares need stands elsewhere.
type purse struct {
	order uint64 // random; several purses are locked in this order, so that two goroutines cannot wait for each other
	share *share // nil: it is no part of another

	mu       sync.Mutex
	limits   dimensions
	spent    Usage
	reserved amount // set aside; what was lent to shares is among it
}

// share says what a purse is a part of; mu of both guard it.
type share struct {
	from *purse
	lent amount // what it got and has not given back
	told Usage  // what of spent was booked with from
}

// NewBudget makes a budget of these limits; Limits.Duration is no part of it. Negative limits are an error (plan.CodeConfig).
func NewBudget(l Limits) (*Budget, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	return new(small).over(nil, l), nil
}

func newPurse(l Limits) *purse { return &purse{order: rand.Uint64(), limits: l.dimensions()} }

// over makes a budget of a purse of its own and those of b, and others that it has in common with somebody.
func over(b *Budget, common []*purse, own ...*purse) *Budget {
	n := &Budget{own: int32(len(own))}
	if b != nil {
		n.own += b.own
		own = slices.Concat(own, b.purses)
	}
	n.purses = own
	for _, p := range common {
		if !slices.Contains(n.purses, p) { // what is there already is not taken from twice
			n.purses = append(n.purses, p)
		}
	}
	if len(n.purses) > 2 {
		sorted := slices.SortedFunc(slices.Values(n.purses), func(a, b *purse) int { return cmp.Compare(a.order, b.order) })
		n.locked = &sorted
	}
	return n
}

// Sub gives a budget with limits of its own that also takes from b. Without limits it is b itself. Negative limits count as
// 0; Validate refuses them.
func (b *Budget) Sub(l Limits) *Budget {
	if !l.dimensions().bounded() {
		return b
	}
	if b != nil && len(b.purses) > 1 {
		return over(b, nil, newPurse(l))
	}
	return new(small).over(b, l)
}

// small is a budget of a purse of its own and at most one other, with room for what it points to: a step's own budget under that of
// the run, which every run of the step makes, is one allocation.
type small struct {
	Budget
	purse purse
	room  [2]*purse
}

func (s *small) over(b *Budget, l Limits) *Budget {
	s.purse = purse{order: rand.Uint64(), limits: l.dimensions()}
	s.own = 1
	s.purses = append(s.room[:0], &s.purse)
	if b != nil && len(b.purses) == 1 {
		s.own += b.own
		s.purses = append(s.purses, b.purses[0])
	}
	return &s.Budget
}

// And gives a budget that takes from b and from o as well, once where both stand on the same. Split divides what b has alone and
// leaves o whole, since others may be using it.
func (b *Budget) And(o *Budget) *Budget {
	if o == nil {
		return b
	}
	return over(b, o.purses)
}

// Common gives a budget that takes from what b takes from and is not divided by Split: several users have it in common.
func (b *Budget) Common() *Budget {
	if b == nil || b.own == 0 {
		return b
	}
	return &Budget{purses: b.purses, locked: b.locked}
}

// Reserve sets usage aside, before it is spent: all of it, or nothing and a *LimitError with Refused. Exactly what is left is
// not too much. Negative numbers count as 0.
func (b *Budget) Reserve(estimate Usage) error {
	if b == nil {
		return nil
	}
	want := amountOf(estimate)
	b.lock()
	defer b.unlock()
	for _, p := range b.purses {
		left := p.left()
		for d, set := range p.limits.set {
			if set && want[d] > left[d] {
				e := p.exceeded(d, left[d])
				e.Refused, e.Wanted = true, want[d]
				return e
			}
		}
	}
	for _, p := range b.purses {
		p.reserved = p.reserved.plus(want)
	}
	return nil
}

// Reconcile books what was used in place of what had been reserved for it: in each dimension the surplus comes back, and
// what is missing is taken from what is left. Where that is not enough nothing is left there, all of it is booked all the
// same, and the error is a *LimitError.
func (b *Budget) Reconcile(reserved, actual Usage) error {
	if b == nil {
		return nil
	}
	actual = actual.Clamp()
	held, used := amountOf(reserved), amountOf(actual)
	var breach error
	b.lock()
	defer b.unlock()
	for _, p := range b.purses {
		var passed [len(amount{})]bool
		left := p.left()
		for d, set := range p.limits.set {
			back := min(held[d], p.reserved[d])
			passed[d] = set && used[d]-back > left[d]
			p.reserved[d] -= back
		}
		p.spent = p.spent.Add(actual)
		if d := slices.Index(passed[:], true); d >= 0 && breach == nil {
			breach = p.exceeded(d, left[d])
		}
	}
	return breach
}

// Spend books what was used without having been reserved.
func (b *Budget) Spend(u Usage) error { return b.Reconcile(Usage{}, u) }

// Release gives back what was reserved and not used.
func (b *Budget) Release(reserved Usage) { _ = b.Reconcile(reserved, Usage{}) } // nothing used passes no limit

// Remaining is what is left: of each dimension the least of the budgets that are taken from.
func (b *Budget) Remaining() Limits {
	if b == nil {
		return Limits{}
	}
	var least dimensions
	b.lock()
	defer b.unlock()
	for _, p := range b.purses {
		left := p.left()
		for d, set := range p.limits.set {
			if set && (!least.set[d] || left[d] < least.n[d]) {
				least.n[d], least.set[d] = left[d], true
			}
		}
	}
	return least.limits()
}

// Spent is what was used under this budget and those that stand on it. What shares used is among it once they were returned.
func (b *Budget) Spent() Usage {
	if b == nil || len(b.purses) == 0 {
		return Usage{}
	}
	p := b.purses[0]
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.spent
}

// lock takes the purses in their order, whoever asks.
func (b *Budget) lock() {
	switch {
	case b.locked != nil:
		for _, p := range *b.locked {
			p.mu.Lock()
		}
	case len(b.purses) == 2:
		lockBoth(b.purses[0], b.purses[1])
	case len(b.purses) == 1:
		b.purses[0].mu.Lock()
	}
}

func lockBoth(a, b *purse) {
	if b.order < a.order {
		a, b = b, a
	}
	a.mu.Lock()
	b.mu.Lock()
}

func (b *Budget) unlock() {
	for _, p := range b.purses {
		p.mu.Unlock()
	}
}

// left is what each dimension has left, 0 where it has no limit. The caller holds mu, here and below.
func (p *purse) left() (left amount) {
	spent := amountOf(p.spent)
	for d := range left {
		left[d] = max(0, p.limits.n[d]-add(spent[d], p.reserved[d]))
	}
	return left
}

// exceeded is the error of a limit that was passed, or would be.
func (p *purse) exceeded(d int, left int64) *LimitError {
	return &LimitError{
		What: names[d], Limit: p.limits.n[d], Spent: amountOf(p.spent)[d], Reserved: p.reserved[d], Left: left, Share: p.share != nil,
	}
}
