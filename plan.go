package weir

import (
	"context"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// Plan is a compiled pipeline: immutable, shared by all its runs, safe for use by several goroutines.
type Plan[I, O any] struct {
	program *plan.Program
	engine  engine.Engine
	job     *engine.Job // what the Config set for every run; nil: nothing
	bare    bool        // that is nothing but summaries
	// journal keeps the runs; nil: none is kept. brief says that it forgets those that have ended.
	journal journal.Store
	brief   bool
	hooks   *runHooks // those told of runs; nil: none, and never beside a nil job
	fleet   fleet[O]
}

// Program is the plan without its types, for engines and for tools that explain or draw it. It must not be changed.
func (p *Plan[I, O]) Program() *plan.Program { return p.program }

// Hash is a digest of the pipeline as written. Dropping an optimisation does not change it.
func (p *Plan[I, O]) Hash() string { return p.program.Hash }

// Run runs the plan on in and returns the answer. It returns when every goroutine of the run has ended. The error is a
// *StepError that says where the run failed, or says why the run as a whole ended: ErrCanceled, ErrBudget, ErrDuration, ErrPaused.
func (p *Plan[I, O]) Run(ctx context.Context, in I, opts ...RunOption) (O, error) {
	var out any
	var err error
	if len(opts) == 0 && (p.job == nil || p.bare) && p.journal == nil {
		out, err = p.engine.Drive(ctx, p.program, in, p.job, nil)
	} else {
		out, err = p.watched(ctx, in, opts)
	}
	if err != nil {
		var none O
		return none, err
	}
	return answer[O](out)
}

// watched is Run with options or with a Config that asks for something. It stands apart to keep Run's frame small.
//
//go:noinline
func (p *Plan[I, O]) watched(ctx context.Context, in I, opts []RunOption) (any, error) {
	s := p.settings(opts)
	var c *course
	if p.journal != nil {
		var err error
		if c, err = p.open(ctx, in, &s); err != nil {
			return nil, err
		}
	}
	if c == nil {
		return p.drive(ctx, in, &s.job, nil, nil, nil)
	}
	defer c.log.Close(ctx) // where a step ends the goroutine nothing else would
	var outcome engine.Outcome
	out, err := p.drive(ctx, in, &s.job, c, nil, &outcome)
	if jerr := c.settle(ctx, out, err, &outcome); jerr != nil {
		return nil, jerr
	}
	if plan.CodeOf(err) == plan.CodePaused {
		err = &PausedError{ID: s.job.ID, Pending: c.pending()}
	}
	return out, err
}

// drive runs the plan, or goes on with a run that keeps a journal or, where away is not nil, one that has left its goroutine, and tells
// the hooks.
func (p *Plan[I, O]) drive(ctx context.Context, in any, job *engine.Job, c *course, away engine.Parked, out *engine.Outcome) (any, error) {
	if p.hooks == nil || c != nil && c.ended() {
		return p.untold(ctx, in, job, c, away, out)
	}
	if c != nil {
		in = c.in
	}
	return p.hooks.told(ctx, p.program, in, job, out, away != nil || c != nil && c.log.First() != nil, func(out *engine.Outcome) (any, error) {
		return p.untold(ctx, in, job, c, away, out)
	})
}

// untold is drive without hooks.
func (p *Plan[I, O]) untold(ctx context.Context, in any, job *engine.Job, c *course, away engine.Parked, out *engine.Outcome) (any, error) {
	switch {
	case c != nil:
		return c.run(ctx, *job, away, out)
	case away != nil:
		return away.Resume(out)
	}
	return p.engine.Drive(ctx, p.program, in, job, out)
}

// answer gives the output its type. A plan made with Dynamic can return anything; the others cannot fail here.
func answer[O any](out any) (O, error) {
	v, ok := out.(O)
	if ok {
		return v, nil
	}
	return plan.As[O](out)
}

// Execute runs the plan on in and returns the answer with the record of what happened. The result is never nil; beside an
// error it holds what was done until then. A run that waits for a person has Status Paused and no error: go on with Resume.
func (p *Plan[I, O]) Execute(ctx context.Context, in I, opts ...RunOption) (*Result[O], error) {
	x := &struct {
		execution[O]
		settings settings
	}{}
	x.settings = p.settings(opts)
	err := p.execute(ctx, in, &x.settings, &x.execution)
	return &x.result, err
}

// execution is a result with what it is made from.
type execution[O any] struct {
	result  Result[O]
	job     *engine.Job
	measure bool
	in      any           // of a run that was started
	course  *course       // of a run that keeps a journal
	away    engine.Parked // of a run that comes back to a goroutine
}

// execute runs with settings that are complete.
func (p *Plan[I, O]) execute(ctx context.Context, in I, s *settings, x *execution[O]) error {
	x.job, x.measure = &s.job, s.measure
	if p.journal == nil {
		return p.attempt(ctx, in, x)
	}
	var err error
	if x.course, err = p.open(ctx, in, s); err != nil {
		x.result.ID, x.result.Status = x.job.ID, Failed
		return err
	}
	defer x.course.log.Close(ctx) // where a step ends the goroutine nothing else would
	err = x.settled(ctx, p.attempt(ctx, in, x))
	if x.result.Status == Paused {
		return nil
	}
	return err
}

// attempt runs until the run ends or waits, and fills the result.
func (p *Plan[I, O]) attempt(ctx context.Context, in any, x *execution[O]) error {
	r := &x.result
	var before process
	if x.measure {
		before = measure()
	}
	out, err := p.drive(ctx, in, x.job, x.course, x.away, &r.history.outcome)
	if err == plan.ErrParked { // x may not be touched any more, nor the run
		return err
	}
	if x.measure {
		r.Metrics.AllocatedBytes, r.Metrics.GCCycles = measure().since(before)
	}
	x.filled(p.program.Sites, out, err)
	if err == nil {
		if r.Output, err = answer[O](out); err != nil {
			r.Status = Failed
		}
	}
	return err
}

// left tells that a run was cancelled while it waited.
func (p *Plan[I, O]) left(ctx context.Context, in any, job *engine.Job, out *engine.Outcome, err error) {
	safely := func(tell func()) {
		defer func() { _ = recover() }() // what a recorder does wrong does not reach the run
		tell()
	}
	safely(func() {
		job.Recorder.Event(ctx, &telemetry.Event{
			Type: telemetry.RunFailed, Run: job.ID, Site: -1, Err: err, Error: err.Error(), Code: string(plan.CodeOf(err)),
		})
	})
	if s := job.Under().Summaries; s != nil {
		safely(func() {
			s.Summary(ctx, &telemetry.Summary{Run: job.ID, End: telemetry.RunFailed, Err: err, Elapsed: out.Elapsed, Usage: out.Usage,
				Sites: p.program.Sites, Records: out.Records, Begun: out.Begun, Used: out.Used()})
		})
	}
	if p.hooks != nil {
		_ = p.hooks.end(ctx, p.hooks.run(p.program, in, job), nil, err, out)
	}
}

// settled writes to the journal how the run stands, and completes the result by what the journal knows.
func (x *execution[O]) settled(ctx context.Context, err error) error {
	r := &x.result
	if jerr := x.course.settle(ctx, r.Output, err, &r.history.outcome); jerr != nil {
		err, r.Status = jerr, Failed
	}
	x.complete()
	return err
}

// complete adds to the result what the journal knows.
func (x *execution[O]) complete() {
	c, r := x.course, &x.result
	r.Elapsed, r.Metrics.Elapsed = c.spent, c.spent
	r.Answered = answered(c)
	if r.Status == Paused {
		r.Pending = c.pending()
	}
}

// filled fills the result of a run that came to this.
func (x *execution[O]) filled(sites []*plan.Site, out any, err error) {
	x.result.ID, x.result.history.sites = x.job.ID, sites
	x.result.fill(out, err)
}
