package loop

import (
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Ending says what reaching the maximum means for a loop that has a condition. The zero value is Fail.
type Ending string

const (
	// Fail makes it a failure with the code max_loops and the last output beside it.
	Fail Ending = "fail"
	// Continue makes it a success with the last output.
	Continue Ending = "continue"
)

// Option changes how a loop goes on and ends.
type Option func(*Spec)

// OnMax says what reaching the maximum means. Without it, Fail.
func OnMax(e Ending) Option { return func(s *Spec) { s.OnMax = e } }

// Delay waits between rounds. The wait ends at once when the run is cancelled. A negative one is a mistake that Compile
// reports; 0 is none.
func Delay(d time.Duration) Option { return func(s *Spec) { s.Delay = d } }

// ContinueOnFailure goes on after a failed round: the condition is asked about the last output there was, and the next
// round begins with it, or again with the first input when there was none. What the steps of a failed round wrote before
// the one that failed stays in the state. A loop with a failed round is a failure in the end, that of the last such round,
// with its output beside it; but it is one only after it ran to its end.
func ContinueOnFailure() Option { return func(s *Spec) { s.ContinueOnFailure = true } }

// written is the spec of a loop made in Go.
func written(body *plan.Step, max int, opts []Option) *Spec {
	s := &Spec{Body: spec.Step{Step: body}, MaxLoops: max}
	for _, o := range opts {
		if o != nil {
			o(s)
		}
	}
	return s
}
