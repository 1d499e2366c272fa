package hook

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/weirflow/weir/plan"
)

// Error is the failure of a hook that fails the step or the run, since hooks are strict.
type Error struct {
	// Event is what the hook was told: pre_run, pre_step …
	Event string
	// Hook is the type of the hook.
	Hook string
	// Err is what it returned, or its panic.
	Err error
}

// Error names the hook and what went wrong.
func (e *Error) Error() string { return fmt.Sprintf("hook %s: %s: %v", e.Hook, e.Event, e.Err) }

// Unwrap gives what the hook returned.
func (e *Error) Unwrap() error { return e.Err }

// tell calls hooks one after the other. The error ends the step or the run: an abort as the hook returned it, or where
// hooks are strict the first failure. The warning is what else went wrong. An error of a hook that is told before something keeps
// the ones after it from being told; afterwards all are.
func tell[H any](e event, hooks []H, strict bool, call func(H) error) (warning string, err error) {
	var warnings []string
	for _, h := range hooks {
		failed := one(h, call)
		if failed == nil {
			continue
		}
		if plan.CodeOf(failed) != plan.CodeAborted {
			failed = &Error{Event: string(e), Hook: fmt.Sprintf("%T", h), Err: failed}
			if !strict {
				warnings = append(warnings, failed.Error())
				continue
			}
		}
		if err != nil {
			warnings = append(warnings, failed.Error())
			continue
		}
		err = failed
		if e == preRun || e == preStep {
			break
		}
	}
	return strings.Join(warnings, "; "), err
}

// one calls one hook; its panic is its error.
func one[H any](h H, call func(H) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &plan.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return call(h)
}
