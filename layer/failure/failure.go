// Package failure is the layer that calls handlers when a step has failed for good: to send a message, to free what the step
// took, to write a record. In a blueprint it is the key on_failure of a step.
//
// It stands outside retry, so its handlers are called once, when no attempt is left; round a fallback they are called when the
// alternates have failed as well. The step has failed all the same: to go on with something else is what a fallback is for, and
// to do something whatever became of a step is what the kind finally is for.
package failure

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Failure is what a handler is told of a step that has failed. Its values are shared with the run: do not modify them.
type Failure struct {
	// Run is the run's id.
	Run string `json:"run"`
	// Path is the step's, with round numbers: draft/polish[2]/score. Name and Kind are as written.
	Path string `json:"path"`
	Name string `json:"name"`
	Kind string `json:"kind"`
	// Input is what the step was given.
	Input any `json:"input"`
	// Attempts is how many attempts were made, at least 1.
	Attempts int `json:"attempts"`
	// Code is that of the error, Message its text.
	Code    plan.Code `json:"code"`
	Message string    `json:"message"`
	// Err is the error itself.
	Err error `json:"-"`
}

// Handler is called with the failure of a step. The context is the step's. What it writes to the run's state is dropped with
// what the failed step wrote. It is called by several goroutines when runs or branches overlap.
type Handler func(ctx context.Context, f Failure) error

// Handle calls handlers, in order, when the step has failed: not for what no handler may swallow (plan.Final: a pause, an
// abort, a breach of the budget, cancellation …), and not for a failure that a retry or a fallback inside mended. All are called,
// whatever became of those before. The error of one, or its panic, is joined to the step's as an *Error; one that is itself
// Final, such as plan.ErrAborted, ends the run, and the handlers after it are not called. A nil handler is a mistake that
// Compile reports; no handlers add nothing to the step. A step that succeeds pays for one call and no allocation.
func Handle(handlers ...Handler) plan.Layer {
	l := &layer{}
	for _, h := range handlers {
		if h == nil {
			l.mistakes++
			continue
		}
		l.calls = append(l.calls, func(ctx context.Context, _ plan.Frame, f Failure) error { return h(ctx, f) })
	}
	return l
}

// Call is Handle for registered functions. Each is given the Failure; what it returns is dropped.
func Call(functions ...spec.Func) plan.Layer {
	l := &layer{}
	for _, fn := range functions {
		if fn.Call == nil {
			l.mistakes++
			continue
		}
		l.calls = append(l.calls, func(ctx context.Context, f plan.Frame, failed Failure) error {
			_, err := fn.Call(ctx, f, failed)
			return err
		})
	}
	return l
}
