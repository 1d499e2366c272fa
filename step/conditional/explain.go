package conditional

import (
	"strings"

	"github.com/weirflow/weir/plan"
)

// Explain says what chooses among which branches.
func (n *node) Explain() string {
	s := &n.spec
	by := "a Go function"
	switch {
	case s.Expression.Set():
		by = plan.Ticked(s.Expression.Source)
	case s.Condition.Name != "":
		by = "the function fn:" + s.Condition.Name
	}
	labels := make([]string, len(s.Branches))
	for i, b := range s.Branches {
		labels[i] = b.Name
	}
	text := "runs one of the branches below"
	if len(labels) == 1 {
		text = "runs the branch below"
	}
	text += ", by what " + by + " gives (" + strings.Join(labels, ", ") + ")"
	switch {
	case s.Default.Step != nil:
		return text + ", and default for everything else"
	case s.pass:
		return text + "; passes its input on for everything else"
	}
	return text + "; fails for everything else"
}
