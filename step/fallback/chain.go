package fallback

import (
	"slices"
	"strconv"

	"github.com/weirflow/weir/plan"
)

// chain is the kind fallback: steps to be tried one after the other. Immutable.
type chain struct {
	steps       []*plan.Step // as written, the primary first
	above       []string     // the names that were tried before this chain, when it is an alternate in another
	diagnostics bool
}

// chainOf makes the node of a spec. A primary or alternate that is a plain fallback becomes part of the chain.
func chainOf(s *Spec) *chain {
	c := &chain{diagnostics: s.Diagnostics}
	c.steps = append(c.unfold(s.Primary.Step), c.unfold(s.Alternate.Step)...)
	return c.below(nil)
}

// unfold gives the steps of a fallback that says nothing of its own, neither a layer nor a name nor an option, and else the
// step itself.
func (c *chain) unfold(s *plan.Step) []*plan.Step {
	inner, ok := fallbackOf(s)
	if !ok || len(s.Layers) > 0 || s.Name != nameOf(inner.steps[0]) || inner.diagnostics != c.diagnostics {
		return []*plan.Step{s}
	}
	return slices.Clone(inner.steps)
}

// below gives the chain as it is after the names above were tried, and so for every fallback in it: loops and depth go
// through all of them.
func (c *chain) below(above []string) *chain {
	d := *c
	d.above = above
	d.steps = slices.Clone(c.steps)
	tried := slices.Clone(above)
	for i, s := range d.steps {
		inner, ok := fallbackOf(s)
		if ok && len(tried) <= MaxDepth { // beyond it nothing runs
			moved := *s
			moved.Node = inner.below(slices.Clone(tried))
			d.steps[i] = &moved
		}
		if i > 0 {
			d.steps[i] = once(d.steps[i])
		}
		tried = append(tried, nameOf(s))
		if ok {
			tried = append(tried, inner.names(nameOf(s))...)
		}
	}
	return &d
}

// names are those of the chain's steps, but for the primary's when it is the fallback's own.
func (c *chain) names(own string) []string {
	var list []string
	for i, s := range c.steps {
		name := nameOf(s)
		if i > 0 || name != own {
			list = append(list, name)
		}
		if len(list) > MaxDepth { // a run comes no further
			break
		}
		if inner, ok := fallbackOf(s); ok {
			list = append(list, inner.names(name)...)
		}
	}
	return list
}

// reach gives the steps that a run can come to, and the reason why it comes no further; empty: these are all.
func (c *chain) reach() (steps []*plan.Step, stop string) {
	tried := slices.Clone(c.above)
	for i, s := range c.steps {
		name := nameOf(s)
		if i > 0 {
			if name != "" && slices.Contains(tried, name) {
				return c.steps[:i], "fallback loop detected: the chain comes back to step " + strconv.Quote(name) + ", which has failed"
			}
			if len(tried) > MaxDepth {
				return c.steps[:i], "fallback loop detected: step " + strconv.Quote(name) + " is more than " +
					strconv.Itoa(MaxDepth) + " fallbacks deep"
			}
		}
		tried = append(tried, name)
		if inner, ok := fallbackOf(s); ok {
			tried = append(tried, inner.names(name)...)
		}
	}
	return c.steps, ""
}

// fallbackOf gives the chain of a step that is a fallback.
func fallbackOf(s *plan.Step) (*chain, bool) {
	if s == nil {
		return nil, false
	}
	c, ok := s.Node.(*chain)
	return c, ok
}

func nameOf(s *plan.Step) string {
	if s == nil {
		return ""
	}
	return s.Name
}
