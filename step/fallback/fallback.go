package fallback

import (
	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// MaxDepth is how many alternates a chain tries (spec/core.md §3).
const MaxDepth = 10

// Option changes what a fallback tells.
type Option func(*Spec)

// Diagnostics keeps the primary's failure in the result of a success, as its feedback: "Primary agent failed: …".
func Diagnostics() Option { return func(s *Spec) { s.Diagnostics = true } }

// To runs alternate when primary has failed for good, layers and all. When both fail the error is an *Error that names
// both failures. A success of the primary allocates nothing here. A primary without a name, or a zero step, is a mistake
// that Compile reports: give a sequence one with Named.
func To[I, O any](primary, alternate weir.Step[I, O], opts ...Option) weir.Step[I, O] {
	s := &Spec{Primary: spec.Step{Step: primary.Written()}, Alternate: spec.Step{Step: alternate.Written()}}
	for _, o := range opts {
		if o != nil {
			o(s)
		}
	}
	return weir.Of[I, O](s.step())
}

// step writes the step that bears the primary's name.
func (s *Spec) step() *plan.Step {
	p, a := s.Primary.Step, s.Alternate.Step
	written := &plan.Step{Node: chainOf(s)}
	if p == nil {
		return written
	}
	written.Name, written.Source, written.In = p.Name, p.Source, p.In
	if a != nil && a.Out == p.Out { // of two different types nothing is known
		written.Out = p.Out
	}
	return written
}
