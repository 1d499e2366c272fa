package weir

import (
	"context"
	"time"
	"weak"

	"github.com/weirflow/weir/plan"
)

// ending is how a part of a run has ended: the run has, or it waits for a person. A run may wait for long, and what it has done can be
// read from its journal: so its result is held until somebody has taken it, and then only for as long as they hold it.
type ending[O any] struct {
	status Status
	result *Result[O] // nil: somebody has taken it
	taken  weak.Pointer[Result[O]]
	err    error
	timer  *time.Timer // for the first deadline of what the run waits for
}

// Wait returns when the run has ended or waits for a person (Status Paused, without an error), or with the context's error when that
// ends first; the run goes on then. The result of a run that waits is not held by the run once Wait has returned it: when nobody else
// holds it either, a further Wait reads it from the journal, where that costs what going through the run's records does; an error with
// plan.CodeResume or plan.CodeJournal says that they cannot be read now.
func (r *Run[O]) Wait(ctx context.Context) (*Result[O], error) {
	for {
		r.mu.Lock()
		done := r.done
		waits := r.end == nil
		if waits && done == nil {
			done = make(chan struct{})
			r.done = done
		}
		r.mu.Unlock()
		if waits {
			select {
			case <-done:
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			}
		}
		if result, err := r.take(); result != nil {
			return result, err
		}
		if result, err := r.reread(ctx); result != nil || err != nil {
			return result, err
		}
	}
}

// take gives the result of the last part that has ended; nil where nobody holds it any more.
func (r *Run[O]) take() (*Result[O], error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end == nil { // the run has gone on since
		return nil, nil
	}
	result := r.end.held()
	if r.end.status == Paused && r.course != nil {
		r.end.lend(result)
	}
	return result, r.end.err
}

// held is the result, if anybody holds it.
func (e *ending[O]) held() *Result[O] {
	if e.result != nil {
		return e.result
	}
	return e.taken.Value()
}

// lend leaves the result to others.
func (e *ending[O]) lend(result *Result[O]) {
	if result != nil {
		e.result, e.taken = nil, weak.Make(result)
	}
}

// still stops the timer, if there is one.
func (e *ending[O]) still() {
	if e.timer != nil {
		e.timer.Stop()
	}
}

// reread makes the result of a run that rests from its journal. It gives nil where the run does not rest any more, and where that is
// because it has ended through another handle.
func (r *Run[O]) reread(ctx context.Context) (*Result[O], error) {
	c := r.course
	c.turn.Lock()
	defer c.turn.Unlock()
	if !c.resting {
		return nil, nil
	}
	result, err := r.shown(ctx)
	switch {
	case c.ended():
		if err := c.reopen(ctx); err != nil {
			return nil, err
		}
		r.goOn() // it is only read
		return nil, nil
	case c.lost() != nil:
		r.drop(c.lost())
		return nil, nil
	case err != nil:
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end.lend(result)
	r.wake(result.Pending) // others may have brought it to further requests
	return result, nil
}

// rested is the result of a run that rests; an empty one where the journal does not give it. The caller holds turn.
func (r *Run[O]) rested(ctx context.Context) *Result[O] {
	r.mu.Lock()
	result := r.end.held()
	r.mu.Unlock()
	if result == nil {
		result, _ = r.shown(ctx)
	}
	if result == nil {
		x := r.next()
		x.filled(r.course.program.Sites, nil, plan.ErrPaused)
		result = &x.result
	}
	return result
}

// shown makes the result of a run that rests. The caller holds turn.
func (r *Run[O]) shown(ctx context.Context) (*Result[O], error) {
	x := r.next()
	err := r.course.show(ctx, r.job, &x.result.history.outcome)
	switch plan.CodeOf(err) {
	case plan.CodePaused:
	case "": // its records go further than to a request: another has it, or was cut off in it
		return nil, plan.Errorf(plan.CodeResume, "weir: run %s has gone on elsewhere and does not wait there; go on with Plan.Resume", r.ID())
	default:
		return nil, plan.Errorf(plan.CodeOf(err), "weir: how run %s stands cannot be read from its journal now: %w", r.ID(), err)
	}
	x.filled(r.course.program.Sites, nil, err)
	x.complete()
	return &x.result, nil
}
