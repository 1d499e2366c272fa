package loop

import (
	"fmt"

	"github.com/weirflow/weir/plan"
)

// Explain says what the loop repeats, how long, and what its rounds and its output are.
func (n *node) Explain() string {
	s := &n.spec
	rounds := plan.Count(s.MaxLoops, "time")
	text := "repeats what is below"
	if s.judged {
		text = "lets the first step below make a draft and the second judge it, until that is content"
	}
	switch {
	case !s.conditional():
		text += " " + rounds
	case s.judged:
		text += ", at most " + rounds
	default:
		text += s.explainConditions() + ", at most " + rounds
	}
	if s.conditional() {
		if s.OnMax == Continue {
			text += "; goes on with the last output when that is not enough"
		} else {
			text += "; fails when that is not enough"
		}
	}
	if s.NextInput.Set() {
		text += "; the next round gets " + plan.Excerpt(s.NextInput.Source)
	}
	if s.Output.Set() {
		text += "; gives " + plan.Excerpt(s.Output.Source)
	}
	if s.Delay > 0 {
		text += "; waits " + plan.Span(s.Delay) + " between rounds"
	}
	if s.ContinueOnFailure {
		text += "; goes on after a round that failed, and fails in the end"
	}
	return text
}

// explainConditions says when the loop ends.
func (s *Spec) explainConditions() string {
	text := ""
	if s.hooks.while != nil {
		text += " while " + asked(s.While.Source)
	}
	if s.hooks.until != nil {
		source := s.Exit.Source
		if s.Until.Set() {
			source = s.Until.Source
		}
		if text != "" {
			text += " and"
		}
		text += " until " + asked(source)
		if name := s.ExitCondition.Name; name != "" {
			text = fmt.Sprintf(" until the function fn:%s says so", name)
		}
	}
	return text
}

// asked is a condition as written; one without text is a function.
func asked(source string) string {
	if source == "" {
		return "a Go function says so"
	}
	return plan.Ticked(source)
}
