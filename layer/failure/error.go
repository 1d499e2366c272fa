package failure

import (
	"strings"

	"github.com/weirflow/weir/plan"
)

// Error says that a step failed, and that a handler of the failure failed too. errors.Is and errors.As reach both.
type Error struct {
	// Err is the step's own failure.
	Err error
	// Handler is what the handler returned; of several, all together.
	Handler error
}

// Error names both: "…; on_failure: …".
func (e *Error) Error() string {
	return strings.TrimPrefix(e.Err.Error(), "weir: ") + "; on_failure: " + strings.TrimPrefix(e.Handler.Error(), "weir: ")
}

// Unwrap gives the step's failure and the handler's.
func (e *Error) Unwrap() []error { return []error{e.Err, e.Handler} }

// ErrorCode is that of the step's failure, unless the handler's is one that nobody may swallow.
func (e *Error) ErrorCode() plan.Code {
	if plan.Final(e.Handler) {
		return plan.CodeOf(e.Handler)
	}
	return plan.CodeOf(e.Err)
}
