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
	purses []*purse // what is taken from, nearest first
	locked []*purse // the same in the order in which they are locked
	own    int      // how many of the first purses are this budget's alone: Split divides these
	shares []*purse // what Return gives back
}

// purse is one set of limits and what was taken of it.
type purse struct {
	order uint64 // random; several purses are locked in this order, so that two goroutines cannot wait for each other
	from  *purse // of a share: the purse that it is a part of

	mu       sync.Mutex
	limits   dimensions
	spent    Usage
	reserved amount // set aside; what was lent to shares is among it
	lent     amount // of a share: what it got and has not given back
	told     Usage  // of a share: what of spent was booked with from
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
	n := &Budget{own: len(own)}
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
	n.locked = n.purses
	if len(n.purses) > 1 {
		n.locked = slices.Clone(n.purses)
		slices.SortFunc(n.locked, func(a, b *purse) int { return cmp.Compare(a.order, b.order) })
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
	room  [4]*purse
}

func (s *small) over(b *Budget, l Limits) *Budget {
	s.purse = purse{order: rand.Uint64(), limits: l.dimensions()}
	s.own = 1
	s.purses = append(s.room[:0:2], &s.purse)
	s.locked = s.purses
	if b != nil && len(b.purses) == 1 {
		s.own += b.own
		s.purses = append(s.purses, b.purses[0])
		s.locked = append(s.room[2:2:4], s.purses...)
		if s.locked[0].order > s.locked[1].order {
			slices.Reverse(s.locked)
		}
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
		for d, l := range p.limits {
			if left := p.left(d); l.set && want[d] > left {
				e := p.exceeded(d, left)
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
		var left amount
		for d, l := range p.limits {
			back := min(held[d], p.reserved[d])
			left[d] = p.left(d)
			passed[d] = l.set && used[d]-back > left[d]
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
		for d, l := range p.limits {
			if left := p.left(d); l.set && (!least[d].set || left < least[d].n) {
				least[d] = AtMost(left)
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

func (b *Budget) lock() {
	for _, p := range b.locked {
		p.mu.Lock()
	}
}

func (b *Budget) unlock() {
	for _, p := range b.locked {
		p.mu.Unlock()
	}
}

// left is what a dimension has left, 0 where it has no limit. The caller holds mu, here and below.
func (p *purse) left(d int) int64 {
	return max(0, p.limits[d].n-add(amountOf(p.spent)[d], p.reserved[d]))
}

// exceeded is the error of a limit that was passed, or would be.
func (p *purse) exceeded(d int, left int64) *LimitError {
	return &LimitError{
		What: names[d], Limit: p.limits[d].n, Spent: amountOf(p.spent)[d], Reserved: p.reserved[d], Left: left, Share: p.from != nil,
	}
}
