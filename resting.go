package weir

import (
	"context"
	"errors"
	"time"

	"github.com/weirflow/weir/plan"
)

// wake sees to it that the run goes on when the time of a request is over. The caller holds mu.
func (r *Run[O]) wake(pending []Request) {
	var first time.Time
	for _, q := range pending {
		if !q.Deadline.IsZero() && (first.IsZero() || q.Deadline.Before(first)) {
			first = q.Deadline
		}
	}
	r.end.still()
	if !first.IsZero() {
		r.end.timer = time.AfterFunc(time.Until(first), r.expire)
	}
}

// expireAgain is how long after a failure to have the journal a run whose request has expired tries again.
const expireAgain = 10 * time.Second

// expire goes on with a run that rests, because the time of a request is over. Where the journal cannot be had, another may have it and
// see to that.
func (r *Run[O]) expire() {
	c := r.course
	c.turn.Lock()
	defer c.turn.Unlock()
	switch {
	case !c.resting || r.life.Err() != nil:
	case !c.log.Ready(): // it rests anew since the timer was set
		r.mu.Lock()
		defer r.mu.Unlock()
		r.wake(c.pending())
	case c.reopen(&r.life) != nil:
		r.mu.Lock()
		defer r.mu.Unlock()
		r.end.timer = time.AfterFunc(expireAgain, r.expire)
	case c.lost() != nil:
		r.drop(c.lost())
	default:
		r.goOn()
	}
}

// drop ends a run that rests and with which this handle cannot go on, which the error says. The caller holds turn.
func (r *Run[O]) drop(err error) {
	ctx := context.WithoutCancel(&r.life)
	r.course.log.Close(ctx)
	r.quit(*r.rested(ctx), err, nil)
}

// quit ends a run that rests. The caller holds turn.
func (r *Run[O]) quit(result Result[O], err, cause error) {
	r.course.resting = false
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end.still()
	result.Status, result.Pending = statusOf(err), nil
	r.end.result, r.end.status, r.end.err = &result, result.Status, err
	r.cancel(cause)
}

// goOn begins the next part of a run that rests and has its journal again. The caller holds turn.
func (r *Run[O]) goOn() {
	r.mu.Lock()
	r.end.still()
	r.mu.Unlock()
	r.course.resting = false
	r.begin(r.next())
}

// answer answers a request, or gives what to wait for before that can be done.
func (r *Run[O]) answer(ctx context.Context, requestID string, v any) (come <-chan struct{}, err error) {
	c := r.course
	c.turn.Lock()
	defer c.turn.Unlock()
	if r.Status() == Running {
		come := c.log.Come()
		if err = c.log.Answer(ctx, requestID, v); plan.CodeOf(err) == plan.CodeResume {
			return come, nil
		}
		return nil, err
	}
	err = c.log.Refusal(requestID)
	switch {
	case err != nil && (c.resting || plan.CodeOf(err) != plan.CodeResume):
		return nil, err
	case !c.resting:
		return nil, plan.Errorf(plan.CodeNotFound, "weir: run %s has ended; it takes no answer", r.ID())
	case r.life.Err() != nil:
		return nil, plan.Errorf(plan.CodeCanceled, "weir: the context of run %s has ended; go on with Plan.Resume: %w", r.ID(), r.life.Err())
	}
	if err := c.reopen(ctx); err != nil {
		return nil, err
	}
	if err := c.lost(); err != nil {
		r.drop(err)
		return nil, err
	}
	if c.ended() { // through another handle
		r.goOn()
		return nil, plan.Errorf(plan.CodeNotFound, "weir: run %s has ended elsewhere; it takes no answer", r.ID())
	}
	if err := c.log.Answer(ctx, requestID, v); err != nil {
		c.log.Close(ctx)
		return nil, err
	}
	r.goOn()
	return nil, nil
}

// abandon cancels the run. Where it rested it has ended then, with the error.
func (r *Run[O]) abandon(cause error) error {
	c := r.course
	c.turn.Lock()
	defer c.turn.Unlock()
	if !c.resting {
		r.cancel(cause)
		return nil
	}
	err := canceled(cause)
	result := *r.rested(context.WithoutCancel(&r.life))
	jerr := c.reopen(&r.life)
	switch {
	case jerr != nil:
	case c.ended(): // through another handle
		r.goOn()
		return nil
	case c.lost() != nil:
		c.log.Close(&r.life)
	default:
		jerr = c.cancel(&r.life, err, result.Usage)
	}
	if jerr != nil {
		err = &plan.Error{Code: plan.CodeCanceled, Text: err.Error() + "; its journal does not say so: " + jerr.Error(), Err: errors.Join(cause, jerr)}
	}
	r.quit(result, err, cause)
	return err
}
