package each

import (
	"fmt"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Explain says what the body runs for and what becomes of it.
func (n *node) Explain() string {
	s := &n.spec
	text := "runs what is below for every item of "
	switch source, isText := s.Items.Source.(string); {
	case isText && s.Items.Set():
		text += plan.Line(source)
	case s.Items.Set():
		text += plan.Excerpt(s.Items.Source)
	case s.Iterable != "":
		text += "the list in the state's " + strings.TrimPrefix(s.Iterable, "context.")
	default:
		text += "its input"
	}
	text += ", one after the other"
	if s.Width > 1 {
		text = strings.TrimSuffix(text, "one after the other") + fmt.Sprintf("%d at a time", s.Width)
	}
	switch s.OnFailure {
	case onSkip:
		text += ", and gives the list of the outputs; an item that fails is left out of it"
	case onCollect:
		if s.collect != nil {
			text += ", and gives each item's output or error"
			break
		}
		text += ", and gives {items, failed, failed_count, count}: an item that fails does not fail the step"
	default:
		text += ", and gives the list of the outputs; the first item that fails fails the step"
	}
	return text + n.explainMerge()
}

// explainMerge says what becomes of changes to the state, where it is not the default.
func (n *node) explainMerge() string {
	switch n.strategy {
	case state.NoMerge:
		return "; what the items change in the state is dropped"
	case state.Overwrite:
		return "; of several changes to one key of the state that of the last item wins"
	case state.KeepFirst:
		return "; of several changes to one key of the state that of the first item wins"
	case state.ErrorOnConflict:
		return "; two items that change the same key of the state fail the step"
	}
	return ""
}
