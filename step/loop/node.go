package loop

import (
	"context"
	"slices"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// moment is where a loop stands: what conditions and mappings are asked about.
type moment struct {
	in     any // the loop's input
	last   any // the last output; the loop's input before there is one
	rounds int // how many rounds have ended
}

// ask is a condition, mapping a function that makes a value, both with their types taken off.
type (
	ask     func(ctx context.Context, f plan.Frame, at moment) (bool, error)
	mapping func(ctx context.Context, f plan.Frame, at moment) (any, error)
)

// hooks are a loop's own functions; each may be nil.
type hooks struct {
	while, until        ask
	start, next, finish mapping
	why                 func(at moment) string // what the error of a reached maximum adds
}

// node is the kind loop.
type node struct{ spec Spec }

// Kind is "loop".
func (*node) Kind() string { return "loop" }

// Fingerprint is what the spec says; functions in Go say nothing.
func (n *node) Fingerprint() string { return spec.Fingerprint(&n.spec) }

// Indexed says that paths below show the round.
func (*node) Indexed() {}

// Children are the body, and for Refine the judge.
func (n *node) Children() []plan.Child {
	kids := []plan.Child{{Step: n.spec.Body.Step}}
	if n.spec.judged {
		kids = append(kids, plan.Child{Step: n.spec.judge})
	}
	return kids
}

// Analyse says that the result of a loop is not cached (spec/core.md §6.2).
func (*node) Analyse(a *plan.Analysis) { a.Cacheable = false }

// Build makes the op.
func (n *node) Build(b *plan.Builder) plan.Op {
	for _, err := range n.spec.mistakes {
		b.Fail(err)
	}
	if len(n.spec.mistakes) > 0 {
		return nil
	}
	if empty(n.spec.Body.Step) && !n.spec.judged {
		return hollow(b.Site())
	}
	c := &course{hooks: n.spec.hooks, max: n.spec.MaxLoops, total: -1, delay: n.spec.Delay, resilient: n.spec.ContinueOnFailure, site: b.Site(), body: b.Child(0), kept: keep(b), parks: b.Parks()}
	if n.spec.judged {
		c.judges = b.Child(1)
	}
	if !n.spec.conditional() {
		c.total = c.max
	}
	c.fails = n.spec.conditional() && n.spec.OnMax != Continue
	return c.run
}

// empty says that a written step does nothing. It looks at what was written, since passes change how blocks look.
func empty(s *plan.Step) bool {
	if s == nil {
		return false // a mistake that Compile reports
	}
	q, ok := s.Node.(*plan.Sequence)
	return ok && len(s.Layers) == 0 && !slices.ContainsFunc(q.Steps, func(c *plan.Step) bool { return !empty(c) })
}

// hollow is the op of a loop without a body.
func hollow(site *plan.Site) plan.Op {
	return func(_ context.Context, f plan.Frame, in any) (any, error) {
		note(f, site, ExitEmpty, 0)
		return in, plan.Errorf(plan.CodeEmpty, "the loop's body is empty, so its condition could never change; put a step into it")
	}
}
