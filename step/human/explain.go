package human

import (
	"github.com/weirflow/weir/plan"
)

// Explain says what is asked, and what happens without an answer.
func (n *node) Explain() string {
	s := &n.spec
	text := "asks a person"
	switch {
	case s.Message.Set():
		text += " " + plan.Excerpt(s.Message.Source)
	case s.answers != nil && s.question != nil:
		text += " a question that is made of the input"
	}
	text += " and waits for the answer"
	switch {
	case s.Approve:
		text += ": the input goes on when it was approved"
	case len(s.Options) > 0:
		text += ", one of " + plan.Enumerate(s.Options...)
	}
	if s.Timeout == 0 {
		return text
	}
	text += "; without one within " + plan.Span(s.Timeout)
	switch s.OnTimeout {
	case onDefault:
		return text + " the answer is " + plan.Excerpt(s.Default)
	case onBranch:
		return text + " it runs the step below"
	}
	return text + " it fails"
}
