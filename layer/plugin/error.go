package plugin

import (
	"fmt"
	"strings"

	"github.com/weirflow/weir/plan"
)

// Error says that a plugin refused an output. It has the code plugin.
type Error struct {
	// Plugin is the name of the plugin.
	Plugin string
	// Feedback is what it said; empty: it gave no reason.
	Feedback string
	// Err is why it could not judge the output; nil: it could.
	Err error
}

// Error names the plugin and what it said.
func (e *Error) Error() string {
	return fmt.Sprintf("plugin validation failed: %s: %s", e.Plugin, e.said())
}

// said is what there is to tell besides the plugin's name.
func (e *Error) said() string {
	if e.Err != nil {
		return fmt.Sprintf("plugin %s failed: %v", e.Plugin, e.Err)
	}
	if feedback := strings.TrimSpace(e.Feedback); feedback != "" {
		return feedback
	}
	return "plugin failed without feedback"
}

// Unwrap gives why the plugin could not judge.
func (e *Error) Unwrap() error { return e.Err }

// Is matches any plan.Error of the code plugin.
func (e *Error) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == plan.CodePlugin
}

// ErrorCode is plan.CodePlugin.
func (*Error) ErrorCode() plan.Code { return plan.CodePlugin }

// ErrorClass is that of Err, so that a timeout of a plugin is one; plan.ClassInvalidOutput where the plugin could judge.
func (e *Error) ErrorClass() plan.Class {
	if e.Err != nil {
		return plan.ClassOf(e.Err)
	}
	return plan.ClassInvalidOutput
}
