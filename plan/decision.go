package plan

import (
	"context"
	"strconv"
)

// Decision remembers what users' code decided that stands in a control kind or round a step with children: a condition, a
// mapping, a join. A run that is resumed comes to such code again and must not ask it again, since it may answer otherwise, or
// have effects. Round tells the decisions of one execution of the step apart, such as those of a loop's rounds; -1 is for what holds
// other steps (see Cut): only the value is kept then, not what was written to the state and used.
//
// decide runs at most once a key; its value, or its error, is kept. An error that is Final is not kept.
//
// A nil Decision stands in plans that keep no journal. Code that is called often asks for nil first, so that it does not make
// the function:
//
//	if n.asked == nil {
//		return n.condition(ctx, in)
//	}
//	return n.asked(ctx, f, round, func() (any, error) { return n.condition(ctx, in) })
type Decision func(ctx context.Context, f Frame, round int, decide func() (any, error)) (any, error)

// Decision gives the Decision called name of the step that is built, or nil: where the plan keeps no journal, and for leaves, which are
// recorded as a whole, but for those that wait. Several of one name at a step, such as those of two layers of one sort, are told apart
// by the order in which they are asked for.
func (b *Builder) Decision(name string) Decision {
	site := b.tree.Site
	if b.p.decide == nil || site == nil || site.Analysis.Leaf && !site.Analysis.Waits {
		return nil
	}
	if b.p.decided == nil {
		b.p.decided = map[decided]int{}
	}
	which := decided{b.tree.Site, name}
	b.p.decided[which]++
	if n := b.p.decided[which]; n > 1 {
		name += "@" + strconv.Itoa(n)
	}
	return b.p.decide(b.tree.Site, name)
}

// decided is a name at a step.
type decided struct {
	at   *Site
	name string
}
