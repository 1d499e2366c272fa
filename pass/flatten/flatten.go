// Package flatten dissolves sequences that stand directly in other sequences, so that a pipeline put together from parts
// runs as one flat sequence: no call, no deferred function, no stack frame for each part. Its plain twin is the nested call
// that plan builds for a sequence which was left standing, in the idiom of a function that calls its parts.
package flatten

import (
	"slices"

	"github.com/weirflow/weir/plan"
)

// Pass is the pass; the zero value is ready.
type Pass struct{}

// Name is "flatten".
func (Pass) Name() string { return "flatten" }

// Rewrite gives a tree in which no sequence without layers stands directly in another. Sites stay where they are.
func (p Pass) Rewrite(t *plan.Tree) *plan.Tree {
	c := *t
	c.Children = make([]*plan.Tree, 0, len(t.Children))
	for _, child := range t.Children {
		child = p.Rewrite(child)
		if dissolves(t) && dissolves(child) && len(child.Step.Layers) == 0 {
			c.Children = slices.Concat(c.Children, child.Children)
			continue
		}
		c.Children = append(c.Children, child)
	}
	return &c
}

// dissolves says that t is a sequence.
func dissolves(t *plan.Tree) bool {
	_, ok := t.Step.Node.(*plan.Sequence)
	return ok
}
