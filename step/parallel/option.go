package parallel

import (
	"fmt"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Option sets something of a parallel step. Wrong values are mistakes that Compile reports.
type Option func(*Spec)

// FailurePolicy says what a failed branch means for the step.
type FailurePolicy string

const (
	// Propagate fails the step when a branch failed. It is the default.
	Propagate FailurePolicy = "propagate"
	// Ignore lets the step succeed as long as one branch did. What no handler may swallow still ends the step.
	Ignore FailurePolicy = "ignore"
)

// OnFailure says what a failed branch means. Ignore is a mistake for Join2, Join3 and Join4, which need every output.
func OnFailure(p FailurePolicy) Option { return func(s *Spec) { s.OnFailure = string(p) } }

// Merge says what becomes of the changes that the branches made to the run's state. Default: state.ContextUpdate.
func Merge(how state.Strategy) Option { return func(s *Spec) { s.Merge = how.String() } }

// MergeFunc merges the branches' states by a function, instead of a strategy. It is called with the branches that succeeded,
// in declared order, also when none of them changed anything, unless none succeeded; its error fails the step.
func MergeFunc(f state.MergeFunc) Option {
	return func(s *Spec) {
		s.merge = f
		if f == nil {
			s.mistakes = append(s.mistakes, plan.Errorf(plan.CodeConfig, "the merge function is nil; leave the option out"))
		}
	}
}

// Fields gives for branches, by name, the state keys that count in the merge. From a branch that is not named all do.
func Fields(keys map[string][]string) Option { return func(s *Spec) { s.Fields = keys } }

// Only lets the branches see nothing of the run's state but these keys. A key that is neither set nor declared fails the
// step when it runs. With state.Overwrite no other key is merged.
func Only(keys ...string) Option {
	return func(s *Spec) { s.Only = append([]string{}, keys...) } // not nil: no key is not every key
}

// Width lets at most n branches run at once. 0: all of them.
func Width(n int) Option { return func(s *Spec) { s.Width = n } }

// FirstSuccess ends the step with the first branch that succeeds and cancels the others; Quorum does so when n have
// succeeded. Branches that fail before that do not matter; the step fails when too few can succeed. The output and the merge
// of states know only the branches that won; in Named the others have an error of the code canceled. A branch that waits for
// a person is waited for as long as it may be one of them; then its request is withdrawn. Both are mistakes for Join2, Join3 and Join4, which need every output.
func FirstSuccess() Option { return func(s *Spec) { s.Wait = waitFirst } }

// Quorum is FirstSuccess for n branches.
func Quorum(n int) Option { return func(s *Spec) { s.Wait = fmt.Sprintf("%s(%d)", waitQuorum, n) } }

// FailFast cancels the other branches as soon as one fails, also those that wait for a person. Those that had not begun have
// plan.ErrSkipped.
func FailFast() Option { return func(s *Spec) { s.FailFast = true } }
