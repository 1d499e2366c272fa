package fallback

import (
	"strings"

	"github.com/weirflow/weir/plan"
)

// Error says that the primary and every alternate failed. errors.Is and errors.As reach all failures; the code and class
// are those of the last one.
type Error struct {
	// Failures are the primary's and those of the alternates, in the order in which they were tried.
	Failures []error
}

// Error names the failures: "Original error: …; Fallback error: …".
func (e *Error) Error() string {
	var b strings.Builder
	for i, err := range e.Failures {
		label := "; Fallback error: "
		if i == 0 {
			label = "Original error: "
		}
		b.WriteString(label)
		b.WriteString(strings.TrimPrefix(err.Error(), "weir: "))
	}
	return b.String()
}

// Unwrap gives the failures.
func (e *Error) Unwrap() []error { return e.Failures }

// ErrorCode is that of the last failure.
func (e *Error) ErrorCode() plan.Code { return plan.CodeOf(e.last()) }

// ErrorClass is that of the last failure.
func (e *Error) ErrorClass() plan.Class { return plan.ClassOf(e.last()) }

func (e *Error) last() error {
	if len(e.Failures) == 0 {
		return nil
	}
	return e.Failures[len(e.Failures)-1]
}
