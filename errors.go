package weir

import "github.com/weirflow/weir/plan"

// StepError says where a run failed and why: Path, Kind, Attempt, Code, Err. Find it with errors.AsType[*weir.StepError].
type StepError = plan.StepError

// PanicError is a panic in a step's own code, turned into a failure; it carries the stack.
type PanicError = plan.PanicError

// Sentinels for errors.Is. They compare by code, so they match every error of their sort, whatever its text.
var (
	// ErrCanceled: the caller's context ended, or Run.Cancel was called.
	ErrCanceled = plan.ErrCanceled
	// ErrBudget: a limit on calls, tokens or cost was passed.
	ErrBudget = plan.ErrBudget
	// ErrDuration: the run took longer than its limit.
	ErrDuration = plan.ErrDuration
	// ErrPaused: the run waits for a person.
	ErrPaused = plan.ErrPaused
	// ErrAborted: the run was aborted.
	ErrAborted = plan.ErrAborted
	// ErrMissingAgent: a step has no model to ask.
	ErrMissingAgent = plan.ErrMissingAgent
	// ErrTimeout: a step took longer than its timeout.
	ErrTimeout = plan.ErrTimeout
	// ErrValidation: an output did not pass its checks.
	ErrValidation = plan.ErrValidation
	// ErrNotFound: there is no request with that id.
	ErrNotFound = &plan.Error{Code: plan.CodeNotFound, Text: "there is no such request"}
)
