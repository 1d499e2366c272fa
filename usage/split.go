package usage

import (
	"math/rand/v2"

	"github.com/weirflow/weir/plan"
)

// Split divides what is left into n shares, as evenly as it goes; the first get one more where it does not. Nothing is left in b
// until shares are returned. What has no limit has none in the shares. Budgets that b has in common with others stay whole,
// and the shares take from them as b does. An n below 1 is an error (plan.CodeConfig).
//
// A share is a budget like any other and may be split again.
func (b *Budget) Split(n int) ([]*Budget, error) {
	if n < 1 {
		return nil, plan.Errorf(plan.CodeConfig, "a budget cannot be split in %d shares; give 1 or more", n)
	}
	list := make([]*Budget, n)
	if b == nil || b.own == 0 {
		for i := range list {
			list[i] = b
		}
		return list, nil
	}
	common := b.purses[b.own:]
	parts := make([][]*purse, n)
	for _, p := range b.purses[:b.own] {
		if !p.limits.bounded() { // it counts and limits nothing
			common = append([]*purse{p}, common...)
			continue
		}
		for i, part := range p.split(n) {
			parts[i] = append(parts[i], part)
		}
	}
	for i, own := range parts {
		list[i] = over(nil, common, own...)
		list[i].shares = own
	}
	return list, nil
}

// split lends all that is left of a purse to n new ones.
func (p *purse) split(n int) []*purse {
	p.mu.Lock()
	defer p.mu.Unlock()
	var whole amount
	for d, l := range p.limits {
		if l.set {
			whole[d] = p.left(d)
		}
	}
	parts := make([]purse, n)
	list := make([]*purse, n)
	for i := range parts {
		part := &parts[i]
		part.order, part.from = rand.Uint64(), p
		for d, l := range p.limits {
			if !l.set {
				continue
			}
			part.lent[d] = whole[d] / int64(n)
			if int64(i) < whole[d]%int64(n) {
				part.lent[d]++
			}
			part.limits[d] = AtMost(part.lent[d])
		}
		list[i] = part
	}
	p.reserved = p.reserved.plus(whole)
	return list
}

// Return gives what a share has left back to what it was split from, and books there what the share used. It is for the end of
// whatever had the share; calling it again does no more. Budgets that are no share are left alone.
func (b *Budget) Return() {
	if b == nil {
		return
	}
	for _, p := range b.shares {
		p.giveBack()
	}
}

// giveBack is one reconcile with the purse that a share came from, and leaves the share with nothing.
func (p *purse) giveBack() {
	first, second := p, p.from
	if second.order < first.order {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	for d := range p.lent {
		p.from.reserved[d] -= min(p.lent[d], p.from.reserved[d])
	}
	p.from.spent = p.from.spent.Add(p.spent.minus(p.told))
	p.lent, p.told = amount{}, p.spent
	p.reserved = amount{}
	for d := range p.limits {
		p.limits[d].n = 0
	}
}

// minus is what u has more than o, which was a part of it.
func (u Usage) minus(o Usage) Usage {
	return Usage{
		Requests: u.Requests - o.Requests, InputTokens: u.InputTokens - o.InputTokens, CachedTokens: u.CachedTokens - o.CachedTokens,
		OutputTokens: u.OutputTokens - o.OutputTokens, ReasoningTokens: u.ReasoningTokens - o.ReasoningTokens, Cost: u.Cost - o.Cost,
	}
}
