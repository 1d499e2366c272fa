package weir

import (
	"context"
	"iter"
	"sync"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/internal/cancel"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// Event is one thing that happened in a run.
type Event = telemetry.Event

// Run is a handle on a run that was started. While the run waits for a person it holds no goroutine. It is safe for use by several
// goroutines.
type Run[O any] struct {
	life   cancel.Lazy // the context of the run
	log    eventLog
	of     *fleet[O]
	in     *any       // the input, where hooks are told of it at the end and no journal has it; else nil
	job    engine.Job // of every part
	course *course    // nil: the run keeps no journal, so it never waits for a person
	away   waiting

	mu   sync.Mutex
	done chan struct{} // closed when the part ends; nil: nobody waits for that
	end  *ending[O]    // of the last part; nil: one goes on
}

// fleet is what the runs of a plan share that were started.
type fleet[O any] struct {
	plan    driver[O]
	program *plan.Program
	away    crowd // those without goroutines
}

// driver is a plan as its runs see it.
type driver[O any] interface {
	// attempt runs until the run ends or waits.
	attempt(ctx context.Context, in any, x *execution[O]) error
	// left tells those who watch the run that it was cancelled while it waited.
	left(ctx context.Context, in any, job *engine.Job, out *engine.Outcome, err error)
}

// Start begins a run in the background. Its context bounds the whole run: when it ends the run is cancelled, or, while it waits for a
// person, can no longer be answered through this handle. The error says that the run could not begin.
//
// With the option ID and a journal that knows the run, the run goes on where it stopped, whatever in is; one that has ended is not run
// again.
func (p *Plan[I, O]) Start(ctx context.Context, in I, opts ...RunOption) (*Run[O], error) {
	if err := ctx.Err(); err != nil {
		return nil, &plan.Error{Code: plan.CodeCanceled, Text: "the run was not started: its context has ended", Err: err}
	}
	var c *course
	s := p.settings(opts)
	if p.journal != nil {
		var err error
		if c, err = p.open(ctx, in, &s); err != nil {
			return nil, err
		}
	}
	return p.start(ctx, in, &s, c), nil
}

// Resume goes on with a run that is paused, was cancelled or was cut off. The error is ErrNotFound for a run that the journal does
// not know, and has plan.CodeResume for one that has ended, that another runs at the moment, or that another pipeline began. The
// options replace those that the run was begun with, but for its limits.
func (p *Plan[I, O]) Resume(ctx context.Context, id string, opts ...RunOption) (*Run[O], error) {
	if p.journal == nil {
		return nil, plan.Errorf(plan.CodeResume, "weir: run %s cannot be resumed: the plan keeps no journal; set Config.Journal", id)
	}
	var in I
	s := p.settings(append(opts[:len(opts):len(opts)], ID(id)))
	c, err := p.open(ctx, in, &s)
	if err != nil {
		return nil, err
	}
	switch st := c.log.Status(); st {
	case NotRun:
		c.log.Close(ctx)
		return nil, plan.Errorf(plan.CodeNotFound, "weir: the journal knows no run %s", id)
	case Completed, Failed:
		c.log.Close(ctx)
		return nil, plan.Errorf(plan.CodeResume, "weir: run %s has %v; there is nothing to resume", id, st)
	}
	return p.start(ctx, in, &s, c), nil
}

// start makes the handle and begins.
func (p *Plan[I, O]) start(ctx context.Context, in any, s *settings, c *course) *Run[O] {
	r := &Run[O]{of: &p.fleet, job: s.job, course: c}
	r.life.Begin(ctx)
	if p.program.Twins.LazyCancel {
		r.life.Eager()
	}
	job := &r.job
	job.Recorder = tee((*recorder[O])(r), job.Recorder)
	if !s.measure { // what it reads at its ends would be of two goroutines
		job.Keeper = (*keeper[O])(r)
	}
	if p.hooks != nil && c == nil {
		kept := in
		r.in = &kept
	}
	x := r.next()
	x.in = in
	r.begin(x)
	return r
}

// begin runs the next part in a goroutine of its own.
func (r *Run[O]) begin(x *execution[O]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end, r.done = nil, nil
	r.log.open()
	go r.work(x)
}

// work runs parts until the run ends, leaves the goroutine, or waits for an answer that is not there yet.
func (r *Run[O]) work(x *execution[O]) {
	room(r.of.program.Twins.Stack)
	over := false
	defer func() {
		if !over { // a step ended the goroutine, as FailNow of a test does
			r.gone(x)
		}
	}()
	for x != nil {
		err := r.of.plan.attempt(&r.life, x.in, x)
		switch {
		case err == plan.ErrParked: // another goroutine goes on with it, and may do so already
			x = nil
		case r.course == nil:
			r.publish(x, err)
			x = nil
		default:
			x = r.rest(x, err) // not nil where an answer came while the run was about to wait
		}
	}
	over = true
}

// rest ends a part. It gives the next one where the run need not wait.
func (r *Run[O]) rest(x *execution[O], err error) (next *execution[O]) {
	c := r.course
	c.turn.Lock()
	defer c.turn.Unlock()
	if plan.CodeOf(err) == plan.CodePaused {
		switch {
		case r.life.Err() != nil: // cancelled just before it would have waited
			err = canceled(context.Cause(&r.life))
			x.result.Status = Canceled
		case c.log.Ready() && c.rewind(&r.life) == nil:
			return r.next()
		}
	}
	err = x.settled(&r.life, err)
	c.resting = x.result.Status == Paused
	r.publish(x, err)
	return nil
}

// gone ends a run whose goroutine has ended before it. With a journal it can be resumed.
func (r *Run[O]) gone(x *execution[O]) {
	if r.course != nil {
		r.course.log.Close(&r.life)
	}
	x.result.ID, x.result.Status = r.ID(), Failed
	r.publish(x, plan.Errorf(plan.CodePanic, "weir: a step ended the goroutine of run %s", r.ID()))
}

// publish shows how a part ended.
func (r *Run[O]) publish(x *execution[O], err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end = &ending[O]{status: x.result.Status, result: &x.result, err: err}
	if r.end.status == Paused {
		r.end.err = nil
		r.wake(x.result.Pending)
	} else {
		r.of.away.leave(&r.away)
		r.life.End(nil)
	}
	r.log.end()
	if r.done != nil {
		close(r.done)
	}
}

// next is where the next part puts its result.
func (r *Run[O]) next() *execution[O] {
	x := &execution[O]{job: &r.job, measure: r.job.Keeper == nil, course: r.course}
	if r.in != nil {
		x.in = *r.in
	}
	return x
}

// ID is the run's id.
func (r *Run[O]) ID() string { return r.job.ID }

// Status is how the run stands now.
func (r *Run[O]) Status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.standing()
}

// standing is how the run stands. The caller holds mu.
func (r *Run[O]) standing() Status {
	if r.end == nil {
		return Running
	}
	return r.end.status
}

// Pending are the requests that the run waits for, in the order of their paths. Some may be there while other branches of the run still
// work; they can be answered then. None are there after the run has ended.
func (r *Run[O]) Pending() []Request {
	if r.course == nil {
		return nil
	}
	if st := r.Status(); st != Running && st != Paused {
		return nil
	}
	return r.course.pending()
}

// Cancel stops the run; cause, which may be nil, is in its error. Steps that honour their context end at once. A run that waits for a
// person ends as cancelled.
func (r *Run[O]) Cancel(cause error) {
	if r.course == nil {
		r.cancel(cause)
		return
	}
	if err := r.abandon(cause); err != nil {
		r.of.plan.left(r.life.Parent(), r.course.in, &r.job, &r.end.result.history.outcome, err)
	}
}

// Answer answers a request, and the run goes on with it: at once when it waits, otherwise as soon as its other branches have done what they
// can. The first answer counts. An answer that is refused leaves the run as it is; the error tells the reason by its code:
// plan.CodeNotFound for a request that the run does not wait for, plan.CodeAnswered for a second answer, plan.CodeLate after the
// deadline, plan.CodeAnswer for a value that does not fit the request's schema.
//
// In a run that was just resumed, Answer waits until the run has come to the request again: only the step knows which answers fit.
func (r *Run[O]) Answer(ctx context.Context, requestID string, v any) error {
	if r.course == nil {
		return plan.Errorf(plan.CodeNotFound, "weir: run %s waits for no request %q", r.ID(), requestID)
	}
	for {
		come, err := r.answer(ctx, requestID, v)
		if come == nil {
			return err
		}
		select {
		case <-come:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Events gives what happens in the run, from its beginning, and ends with it, or when it waits for a person. The range may stop early;
// that changes nothing for the run. Several ranges may go on at once. The answer of the last step is told while its model makes it, as
// agent.chunk (see package step/agent). A reader that falls more than 16,384 events or 4 MiB of told text behind gets one
// events.dropped in place of those it missed: the run never waits for a reader. Plan.Stream does.
func (r *Run[O]) Events() iter.Seq[Event] { return r.log.all(r.origin()) }
