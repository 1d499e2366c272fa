// Package timeout is the layer that bounds how long one call of a step may take.
//
// The bound is per call: inside a retry it holds anew for each attempt, outside it for all of them together. Its expiry is
// an ordinary failure that a retry or a fallback may handle. Cancellation by the caller is not, and wins when both came.
package timeout

import (
	"context"
	"errors"
	"time"

	"github.com/weirflow/weir/plan"
)

// Grace is how long after its timeout a step may return before it is noted as stuck.
const Grace = 100 * time.Millisecond

// After fails the step with *Error when it has not returned after d; d of 0 or less is a mistake that Compile reports.
//
// The step sees the bound as the deadline of its context. weir never abandons a goroutine: a step that ignores its context
// delays the return. One that returns more than Grace too late is noted under "stuck", with the time.Duration by which it
// overran. A value that came too late is returned beside the error and does not flow on.
//
// Where the caller's own deadline comes before d is over, that deadline governs and this layer does nothing. Otherwise a
// call costs a context with a timer: about 1 µs and 4 allocations.
func After(d time.Duration) plan.Layer { return after(d) }

type after time.Duration

// Name is "timeout".
func (after) Name() string { return "timeout" }

// Explain says how long one call may take.
func (l after) Explain() string {
	return "allows at most " + plan.Span(time.Duration(l)) + " each time"
}

// Fingerprint is the bound.
func (l after) Fingerprint() string { return time.Duration(l).String() }

// Wrap puts the bound round next.
func (l after) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	d := time.Duration(l)
	if d <= 0 {
		b.Failf("timeout.After(%v): give a duration above 0, or leave the timeout out", d)
		return next
	}
	// One value for all calls: it marks what this place's own deadline brought about.
	t := &bound{after: d, cause: &Error{After: d}, site: b.Site(), next: next}
	kept := b.Decision("timeout")
	if kept == nil {
		return func(ctx context.Context, f plan.Frame, in any) (any, error) {
			out, _, err := t.call(ctx, f, in)
			return out, err
		}
	}
	// A step with children is run again when the run is resumed, and must not come to its end then if it did not at first.
	return func(ctx context.Context, f plan.Frame, in any) (out any, err error) {
		jerr := kept.Cut(ctx, f, func(ctx context.Context) any {
			var expired bool
			if out, expired, err = t.call(ctx, f, in); expired {
				return true
			}
			return nil
		}, func(any) { out, err = t.again(ctx, f, in) })
		if jerr != nil {
			return nil, jerr
		}
		return out, err
	}
}

// bound is the layer at its place.
type bound struct {
	after time.Duration
	cause *Error
	site  *plan.Site
	next  plan.Op
}

// call runs the step in the time that it has, and says whether that was over.
func (t *bound) call(ctx context.Context, f plan.Frame, in any) (out any, expired bool, err error) {
	if due, ok := ctx.Deadline(); ok && time.Until(due) <= t.after {
		out, err = t.next(ctx, f, in)
		return out, false, err
	}
	limited, cancel := context.WithTimeoutCause(ctx, t.after, t.cause)
	defer cancel()
	out, err = t.next(limited, f, in)
	if limited.Err() == nil {
		return out, false, err
	}
	if due, _ := limited.Deadline(); time.Since(due) > Grace && context.Cause(limited) == error(t.cause) {
		f.Note(t.site, "stuck", time.Since(due))
	}
	err = judge(ctx, err, t.cause)
	return out, plan.CodeOf(err) == plan.CodeTimeout, err
}

// again comes to the end of the time where the step came to it in an earlier part of the run.
func (t *bound) again(ctx context.Context, f plan.Frame, in any) (any, error) {
	past, expire := plan.Bygone(ctx, t.cause)
	defer expire()
	out, err := t.next(past, f, in)
	expire()
	return out, judge(ctx, err, t.cause)
}

// judge says what a call's error means whose context has ended.
func judge(caller context.Context, err error, cause *Error) error {
	// The engine calls whatever it stops canceled, also when the reason was this deadline.
	ours := errors.Is(err, cause) || plan.CodeOf(err) == plan.CodeCanceled && errors.Is(err, context.DeadlineExceeded)
	switch {
	case caller.Err() != nil && ours:
		return context.Cause(caller)
	case caller.Err() != nil, plan.Final(err) && !ours:
		return err
	case err == error(cause):
		return cause
	}
	return &Error{After: cause.After, Err: err}
}
