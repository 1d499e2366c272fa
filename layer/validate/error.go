package validate

import (
	"fmt"
	"strings"

	"github.com/weirflow/weir/plan"
)

// Result is what one check said.
type Result struct {
	// Name is the check's name.
	Name string `json:"name"`
	// Valid says that the check found nothing wrong.
	Valid bool `json:"valid"`
	// Feedback is what is wrong, empty when nothing is.
	Feedback string `json:"feedback,omitempty"`
}

// Error says which checks an output did not pass. It has the code validation, so errors.Is(err, plan.ErrValidation) holds.
type Error struct {
	// Results has one entry a check, valid ones included, in the order in which they were made.
	Results []Result
	// Err is the error of the first check that failed.
	Err error

	site *plan.Site
	// all says that the text tells every failed check.
	all bool
}

// Error names the first check that failed, and how many others did; of a validation step, all that failed.
func (e *Error) Error() string {
	if e.all {
		return "validation failed: " + e.feedback()
	}
	var b strings.Builder
	more := 0
	for _, r := range e.Results {
		switch {
		case r.Valid:
		case b.Len() == 0:
			fmt.Fprintf(&b, "validation failed: %s: %s", r.Name, r.Feedback)
		default:
			more++
		}
	}
	if more > 0 {
		fmt.Fprintf(&b, " (and %d more)", more)
	}
	return b.String()
}

// feedback is what is wrong, "name: feedback" joined by "; ".
func (e *Error) feedback() string {
	var all []string
	for _, r := range e.Results {
		if !r.Valid {
			all = append(all, r.Name+": "+r.Feedback)
		}
	}
	return strings.Join(all, "; ")
}

// Unwrap gives the error of the first check that failed.
func (e *Error) Unwrap() error { return e.Err }

// Is matches plan.ErrValidation and any other plan.Error of its code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == plan.CodeValidation
}

// ErrorCode is plan.CodeValidation.
func (*Error) ErrorCode() plan.Code { return plan.CodeValidation }

// ErrorClass is plan.ClassInvalidOutput.
func (*Error) ErrorClass() plan.Class { return plan.ClassInvalidOutput }

// add takes in what a check said.
func (e *Error) add(name string, err error) {
	if err == nil {
		e.Results = append(e.Results, Result{Name: name, Valid: true})
		return
	}
	feedback := err.Error()
	if _, ok := err.(*broken); ok {
		feedback = fmt.Sprintf("validator %s failed: %s", name, feedback)
	}
	e.Results = append(e.Results, Result{Name: name, Feedback: feedback})
	if e.Err == nil {
		e.Err = err
	}
}
