package human

import (
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/spec"
)

// Option sets something of a step that asks. Wrong values are mistakes that Compile reports.
type Option func(*Spec)

// Within takes an answer until this long after the question was asked. Without Otherwise or Instead the step then fails with
// plan.CodeTimeout, an ordinary failure. Without Within the step waits for ever.
func Within(d time.Duration) Option {
	return func(s *Spec) {
		s.Timeout = d
		if d <= 0 {
			s.mistake("human.Within(%v): give a duration above 0, or leave it out", d)
		}
	}
}

// Otherwise is the answer when none came in time: an A of Ask, or for Approve an Approval or a bool.
func Otherwise(answer any) Option {
	return func(s *Spec) { s.OnTimeout, s.Default = onDefault, answer }
}

// Instead runs a step on the input when no answer came in time; its output is the step's. In paths it stands below the step as
// "instead", or under its own name there.
func Instead[I, O any](alternate weir.Step[I, O]) Option {
	return func(s *Spec) { s.OnTimeout, s.Otherwise = onBranch, spec.Step{Step: alternate.Written()} }
}

// Options are the answers to choose from, for questions whose answer is a text.
func Options(answers ...string) Option { return func(s *Spec) { s.Options = answers } }

// For says whom the question is meant for. weir shows it with the request and enforces nothing.
func For(people ...string) Option { return func(s *Spec) { s.Assignees = people } }
