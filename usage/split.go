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
		list[i].shared = true
	}
	return list, nil
}

// split lends all that is left of a purse to n new ones.
func (p *purse) split(n int) []*purse {
	p.mu.Lock()
	defer p.mu.Unlock()
	whole := p.left() // without a limit there is nothing to lend
	parts := make([]struct {
		purse purse
		share share
	}, n)
	list := make([]*purse, n)
	for i := range parts {
		part := &parts[i].purse
		part.order, part.share = rand.Uint64(), &parts[i].share
		part.share.from, part.limits.set = p, p.limits.set
		for d := range whole {
			part.limits.n[d] = whole[d] / int64(n)
			if int64(i) < whole[d]%int64(n) {
				part.limits.n[d]++
			}
		}
		part.share.lent = part.limits.n
		list[i] = part
	}
	p.reserved = p.reserved.plus(whole)
	return list
}

// Return gives what a share has left back to what it was split from, and books there what the share used. It is for the end of
// whatever had the share; calling it again does no more. Budgets that are no share are left alone.
func (b *Budget) Return() {
	if b == nil || !b.shared {
		return
	}
	for _, p := range b.purses[:b.own] {
		p.giveBack()
	}
}

// giveBack is one reconcile with the purse that a share came from, and leaves the share with nothing.
func (p *purse) giveBack() {
	s := p.share
	lockBoth(p, s.from)
	defer p.mu.Unlock()
	defer s.from.mu.Unlock()
	for d := range s.lent {
		s.from.reserved[d] -= min(s.lent[d], s.from.reserved[d])
	}
	s.from.spent = s.from.spent.Add(p.spent.minus(s.told))
	s.lent, s.told = amount{}, p.spent
	p.reserved, p.limits.n = amount{}, amount{}
}

// minus is what u has more than o, which was a part of it.
func (u Usage) minus(o Usage) Usage {
	return Usage{
		Requests: u.Requests - o.Requests, InputTokens: u.InputTokens - o.InputTokens, CachedTokens: u.CachedTokens - o.CachedTokens,
		OutputTokens: u.OutputTokens - o.OutputTokens, ReasoningTokens: u.ReasoningTokens - o.ReasoningTokens, Cost: u.Cost - o.Cost,
	}
}
