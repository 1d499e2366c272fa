package plan

import (
	"errors"
	"fmt"
)

// Code names a sort of failure. Codes are stable and survive journals and JSON; texts are not.
type Code string

// The codes of weir. A failure without one is CodeFailed.
const (
	CodeFailed       Code = "failed"
	CodePanic        Code = "panic"
	CodeTimeout      Code = "timeout"
	CodeCanceled     Code = "canceled"
	CodeBudget       Code = "budget"
	CodeDuration     Code = "duration"
	CodeOutputSize   Code = "output_size"
	CodeDepth        Code = "depth"
	CodePaused       Code = "paused"
	CodeAborted      Code = "aborted"
	CodeRedirect     Code = "redirect"
	CodePricing      Code = "pricing"
	CodeMissingAgent Code = "missing_agent"
	CodeConfig       Code = "config"
	CodeType         Code = "type"
	CodeValidation   Code = "validation"
	CodeProcessor    Code = "processor"
	CodePrompt       Code = "prompt"
	CodeModel        Code = "model"
	CodeMaxLoops     Code = "max_loops"
	CodeNoBranch     Code = "no_branch"
	CodeEmpty        Code = "empty"
	CodeFallbackLoop Code = "fallback_loop"
	CodeConflict     Code = "conflict"
	CodeState        Code = "state"
	CodeExpression   Code = "expression"
	CodeInput        Code = "input"
	CodeNotFound     Code = "not_found"
	CodeJournal      Code = "journal"
	CodeAnswered     Code = "answered"
	CodeLate         Code = "late"
	CodeAnswer       Code = "answer"
	CodeResume       Code = "resume"
	CodeDenied       Code = "denied"
	CodeRejected     Code = "rejected"
	CodePlugin       Code = "plugin"
	CodeResource     Code = "resource"
	CodeParked       Code = "parked"
)

// Error is a failure with a code. Two Errors are the same to errors.Is when their codes are.
type Error struct {
	// Code says what sort of failure it is.
	Code Code
	// Text says what happened and what to do. May be empty when Err says it.
	Text string
	// Err is the cause, if there is one.
	Err error
}

// Errorf makes an Error; the format takes %w.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	if cause := errors.Unwrap(err); cause != nil {
		return &Error{Code: code, Text: err.Error(), Err: cause}
	}
	return &Error{Code: code, Text: err.Error()}
}

// Error gives the text, or the cause's.
func (e *Error) Error() string {
	switch {
	case e.Text != "":
		return e.Text
	case e.Err != nil:
		return e.Err.Error()
	}
	return string(e.Code)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is compares by code, so that a sentinel matches any error of its sort.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// ErrorCode gives the code; CodeOf reads it.
func (e *Error) ErrorCode() Code { return e.Code }

// Sentinels for errors.Is. Each matches every error of its code, also one read back from a journal.
var (
	ErrCanceled     = &Error{Code: CodeCanceled, Text: "the run was canceled"}
	ErrBudget       = &Error{Code: CodeBudget, Text: "budget exceeded"}
	ErrDuration     = &Error{Code: CodeDuration, Text: "the run took longer than its limit"}
	ErrPaused       = &Error{Code: CodePaused, Text: "the run waits for an answer"}
	ErrAborted      = &Error{Code: CodeAborted, Text: "the run was aborted"}
	ErrMissingAgent = &Error{Code: CodeMissingAgent, Text: "the step has no model to ask"}
	ErrTimeout      = &Error{Code: CodeTimeout, Text: "the step took longer than its timeout"}
	ErrValidation   = &Error{Code: CodeValidation, Text: "the output did not pass its checks"}
	ErrSkipped      = &Error{Code: CodeCanceled, Text: "not run: the group had already ended"}
)

// CodeOf gives the code of the outermost error in the tree that has one: CodeFailed where none has, "" for nil. A bare
// context error has none: only the engine knows whether it was the caller who gave up.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var c interface{ ErrorCode() Code }
	if errors.As(err, &c) {
		return c.ErrorCode()
	}
	return CodeFailed
}

// Final says that no handler may swallow the error: not a retry, a fallback, an ignoring parallel, a loop, a cache. They are a
// pause, an abort, a breach of a budget or of a run's limits, a redirect loop, a missing price, a missing model, a denial by
// the policy, a journal that cannot be written, and cancellation by the caller (spec/core.md §1.8). A timeout of a step is
// not among them.
func Final(err error) bool {
	switch CodeOf(err) {
	case CodePaused, CodeAborted, CodeBudget, CodeDuration, CodeRedirect, CodePricing, CodeMissingAgent, CodeDenied, CodeJournal, CodeCanceled, CodeParked:
		return true
	}
	return false
}
