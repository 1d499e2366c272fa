package parallel

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Explain says what runs at the same time and what becomes of it.
func (n *node) Explain() string {
	names := make([]string, len(n.spec.Branches))
	for i, b := range n.spec.Branches {
		names[i] = b.Name
	}
	if len(names) == 0 {
		return "fails, since it has no branches"
	}
	text := fmt.Sprintf("runs %s on the same input at the same time", plan.Enumerate(names...))
	if w := n.spec.Width; w > 0 && w < len(names) {
		text += fmt.Sprintf(", at most %d at once", w)
	}
	switch {
	case n.need == 1:
		text += " until the first has succeeded"
	case n.need > 1:
		text += fmt.Sprintf(" until %d have succeeded", n.need)
	}
	switch mode := n.spec.Reduce.Mode; {
	case mode != "":
		text += ", and reduces their outputs by " + mode
	case n.spec.join:
		text += ", and joins their outputs by a Go function"
	case n.spec.gather != nil:
		text += ", and gives the list of their outputs"
	default:
		text += ", and gives a map of name to output"
	}
	parts := []string{text, n.explainFailure(), n.explainOnly(), n.explainMerge(), n.explainFields()}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "; ")
}

func (n *node) explainFailure() string {
	switch {
	case n.ignore:
		return "succeeds as long as one of them does"
	case n.spec.FailFast:
		return "the first that fails cancels the others and fails the step"
	}
	return "one that fails fails the step, after all have ended"
}

func (n *node) explainOnly() string {
	switch {
	case n.spec.Only == nil:
		return ""
	case len(n.spec.Only) == 0:
		return "they see nothing of the run's state"
	}
	return "they see of the run's state only " + plan.Enumerate(n.spec.Only...)
}

// explainMerge says what becomes of changes to the state, where it is not the default.
func (n *node) explainMerge() string {
	if n.spec.merge != nil {
		return "a Go function merges what they change in the state"
	}
	switch n.strategy {
	case state.NoMerge:
		return "what they change in the state is dropped"
	case state.Overwrite:
		return "of several changes to one key of the state the last in this order wins"
	case state.KeepFirst:
		return "of several changes to one key of the state the first in this order wins"
	case state.ErrorOnConflict:
		return "two that change the same key of the state fail the step"
	}
	return ""
}

func (n *node) explainFields() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(n.spec.Fields)) {
		parts = append(parts, name+" may change only "+plan.Enumerate(n.spec.Fields[name]...))
	}
	return strings.Join(parts, ", ")
}
