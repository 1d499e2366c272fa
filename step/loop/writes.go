package loop

import "github.com/weirflow/weir/plan"

var _ plan.Writer = (*node)(nil)

// Writes gives what the body writes, and the judge, where a loop that succeeds has run them to an end at least once.
func (n *node) Writes(t *plan.Tree) []plan.Write {
	if n.spec.hooks.while != nil || n.spec.ContinueOnFailure {
		return nil
	}
	var all []plan.Write
	for _, c := range t.Children {
		all = append(all, c.Writes()...)
	}
	return all
}
