package finally

import (
	"errors"
	"strings"

	"github.com/weirflow/weir/plan"
)

// Error says that the body failed and the cleanup after it too. errors.Is and errors.As reach both.
type Error struct {
	// Err is the body's failure, Cleanup the cleanup's.
	Err, Cleanup error
}

// Error names both: "…; cleanup: …".
func (e *Error) Error() string {
	return strings.TrimPrefix(e.Err.Error(), "weir: ") + "; cleanup: " + strings.TrimPrefix(e.Cleanup.Error(), "weir: ")
}

// Unwrap gives the body's failure and the cleanup's.
func (e *Error) Unwrap() []error { return []error{e.Err, e.Cleanup} }

// ErrorCode is that of the body's failure, unless the cleanup's is one that nobody may swallow.
func (e *Error) ErrorCode() plan.Code {
	if plan.Final(e.Cleanup) {
		return plan.CodeOf(e.Cleanup)
	}
	return plan.CodeOf(e.Err)
}

// statusOf is how a body with this error ended.
func statusOf(err error) plan.Status {
	switch plan.CodeOf(err) {
	case plan.CodeCanceled, plan.CodeDuration:
		return plan.Canceled
	}
	return plan.Failed
}

// pathOf is that of the step that failed, where the error says it.
func pathOf(err error) string {
	if e, ok := errors.AsType[*plan.StepError](err); ok {
		return e.Path
	}
	return ""
}
