package plan

import "fmt"

// StepError says where a run failed, and why.
type StepError struct {
	// Path is that of the step that failed, with round numbers: draft/polish[2]/score.
	Path string
	// Kind is the step's kind.
	Kind string
	// Attempt is the number of the last attempt, from 1.
	Attempt int
	// Code is that of the cause.
	Code Code
	// Err is the cause.
	Err error
}

// Error gives "weir: path (kind, attempt n): cause"; the attempt is left out when it was the first.
func (e *StepError) Error() string {
	if e.Attempt > 1 {
		return fmt.Sprintf("weir: %s (%s, attempt %d): %v", e.Path, e.Kind, e.Attempt, e.Err)
	}
	return fmt.Sprintf("weir: %s (%s): %v", e.Path, e.Kind, e.Err)
}

// Unwrap gives the cause.
func (e *StepError) Unwrap() error { return e.Err }

// ErrorCode gives the code of the cause.
func (e *StepError) ErrorCode() Code { return e.Code }

// PanicError is a panic of a step's own code, turned into a failure.
type PanicError struct {
	// Value is what was given to panic.
	Value any
	// Stack is the stack of the goroutine that panicked, as runtime/debug.Stack prints it.
	Stack []byte
}

// Error gives the panic's value without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap gives the value when it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// ErrorCode is CodePanic.
func (e *PanicError) ErrorCode() Code { return CodePanic }
