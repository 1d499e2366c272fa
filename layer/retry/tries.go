package retry

import (
	"context"
	"time"

	"github.com/weirflow/weir/plan"
)

// tries is the layer at its place: immutable, shared by all runs.
type tries struct {
	*policy
	site    *plan.Site
	decided plan.Decision
	next    plan.Op
	parks   bool // a run may leave its goroutine here
}

// left is a step whose run has left its goroutine: in an attempt, or before the next one.
type left struct {
	attempt int
	failure error      // of this attempt, while the next is waited for
	rest    *plan.Rest // nil: in the attempt
}

// run is the op.
func (t *tries) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	at := left{attempt: 1}
	if t.parks {
		at = comeBack(f)
	}
	for ; ; at.attempt++ {
		out, err := any(nil), at.failure
		if at.rest == nil {
			out, err = f.Try(ctx, t.next, in)
			if err == nil || at.attempt >= t.attempts || plan.Final(err) || ctx.Err() != nil {
				if err == plan.ErrParked {
					return leave(f, at, in)
				}
				return out, err
			}
		}
		failed := at // on the heap, which a step that succeeds does not need
		more, ended := t.prepare(ctx, f, &failed, err)
		switch {
		case ended == plan.ErrParked:
			return leave(f, failed, in)
		case ended != nil:
			return nil, ended
		case !more:
			return out, err
		}
		at.failure, at.rest = nil, nil
	}
}

// comeBack gives where the step was when its run left its goroutine.
//
//go:noinline
func comeBack(f plan.Frame) left {
	if p := plan.ParkerOf(f); p != nil {
		if at, ok := p.Kept().(*left); ok {
			return *at
		}
	}
	return left{attempt: 1}
}

// leave keeps where the step is.
//
//go:noinline
func leave(f plan.Frame, at left, in any) (any, error) {
	plan.ParkerOf(f).Keep(&at)
	return in, plan.ErrParked
}

// prepare decides whether a failed attempt is followed by another, and waits until it is time for it. A run that is resumed
// neither decides nor waits again.
func (t *tries) prepare(ctx context.Context, f plan.Frame, at *left, failure error) (bool, error) {
	if t.decided == nil {
		return t.pause(ctx, f, at, failure)
	}
	told := false
	v, err := t.decided(ctx, f, at.attempt, func() (any, error) {
		told = true
		return t.pause(ctx, f, at, failure)
	})
	more, _ := v.(bool)
	if more && !told {
		f.Retried(t.site, at.attempt, failure, 0)
	}
	return more, err
}

// pause says whether another attempt follows, after the wait for it.
func (t *tries) pause(ctx context.Context, f plan.Frame, at *left, failure error) (bool, error) {
	if at.rest == nil {
		if !t.again(failure) {
			return false, nil
		}
		wait := t.wait(at.attempt, failure)
		f.Retried(t.site, at.attempt, failure, wait)
		if wait <= 0 {
			return true, nil
		}
		if at.begin(f, t.parks, wait, failure); at.rest == nil {
			return settled(at, failure, plan.Sleep(ctx, f, wait))
		}
	}
	return settled(at, failure, at.rest.Over(ctx))
}

// begin begins a wait without a goroutine, where that can be.
func (at *left) begin(f plan.Frame, parks bool, wait time.Duration, failure error) {
	if !parks || wait < plan.LeastRest {
		return
	}
	if p := plan.ParkerOf(f); p != nil {
		at.rest, at.failure = plan.RestFor(wait, p.Park()), failure
	}
}

// settled is how a wait ended.
func settled(at *left, failure, ended error) (bool, error) {
	switch ended {
	case nil:
		return true, nil
	case plan.ErrParked:
		return false, ended
	}
	return false, interrupted(at.attempt, failure, ended)
}

// Reenters is true: a run that waits in an attempt, or for the next, may leave its goroutine.
func (*policy) Reenters() bool { return true }
