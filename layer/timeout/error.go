package timeout

import (
	"fmt"
	"time"

	"github.com/weirflow/weir/plan"
)

// Error says that a step took longer than its timeout. It has the code timeout, so errors.Is(err, plan.ErrTimeout) holds,
// and the class timeout.
type Error struct {
	// After is the timeout.
	After time.Duration
	// Err is what the step returned when it was stopped; nil when it returned a value, too late.
	Err error
}

// Error gives the timeout and what the step said.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("timed out after %v", e.After)
	}
	return fmt.Sprintf("timed out after %v: %v", e.After, e.Err)
}

// Unwrap gives what the step returned.
func (e *Error) Unwrap() error { return e.Err }

// Is matches plan.ErrTimeout and any other plan.Error of its code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == plan.CodeTimeout
}

// ErrorCode is plan.CodeTimeout.
func (*Error) ErrorCode() plan.Code { return plan.CodeTimeout }

// ErrorClass is plan.ClassTimeout.
func (*Error) ErrorClass() plan.Class { return plan.ClassTimeout }
