package agent

import (
	"fmt"
	"strings"

	"github.com/weirflow/weir/plan"
)

// OutputError says that a model's answer did not pass, also after it was sent back. It matches plan.ErrValidation and has
// the class plan.ClassInvalidOutput; the step's whole answer is kept beside it.
type OutputError struct {
	// Problems are what is wrong with the last answer, each with its place: "items[2].name: …".
	Problems []string
	// Answer is the beginning of that answer.
	Answer string
}

// Error names what is wrong.
func (e *OutputError) Error() string {
	return "the model's answer does not pass: " + strings.Join(told(e.Problems), "; ") + fmt.Sprintf(" (it begins %q)", excerpt(e.Answer, 80))
}

// ErrorCode is plan.CodeValidation.
func (*OutputError) ErrorCode() plan.Code { return plan.CodeValidation }

// ErrorClass is plan.ClassInvalidOutput.
func (*OutputError) ErrorClass() plan.Class { return plan.ClassInvalidOutput }

// Is matches plan.ErrValidation and every other error of its code.
func (*OutputError) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == plan.CodeValidation
}
