package weir

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// course is a run that keeps a journal: it goes in parts, each driven from the root, until it ends or waits for a person.
type course struct {
	program *plan.Program
	engine  engine.Engine
	log     *journal.Log
	in      any
	answers func(context.Context, Request) (any, error)
	// spent is how long earlier parts took.
	spent time.Duration
	begun time.Time // when the part that goes on did

	// turn is held while the run changes between going on and resting, so that an answer meets it in one or the other.
	turn    sync.Mutex
	resting bool
	// brief says that the journal forgets the run when it ends.
	brief bool
}

// open claims the run and finds out what there is of it.
func (p *Plan[I, O]) open(ctx context.Context, in any, s *settings) (*course, error) {
	log, err := journal.Open(ctx, p.journal, s.job.ID)
	if err != nil {
		return nil, err
	}
	c := &course{program: p.program, engine: p.engine, log: log, in: in, answers: s.answers, brief: p.brief}
	if first := log.First(); first != nil {
		if first.Plan != p.program.Hash {
			log.Close(ctx)
			return nil, plan.Errorf(plan.CodeResume, "weir: run %s was begun by another pipeline or version of it (plan %.12s, this is %.12s); resume it with that one",
				log.Run(), first.Plan, p.program.Hash)
		}
		c.in = first.Value
		s.terms().Limits = first.Limits
	}
	c.spent = log.Spent()
	return c, nil
}

// run goes on with the run until it ends, leaves its goroutine, or waits for a person whom nobody here can ask. The journal stays claimed:
// settle gives it up.
func (c *course) run(ctx context.Context, job engine.Job, away engine.Parked, out *engine.Outcome) (any, error) {
	if c.ended() {
		return c.read(ctx, &job, out)
	}
	if away != nil {
		return c.parts(ctx, &job, away, out)
	}
	first := journal.Record{Type: journal.RunResumed}
	if c.log.First() == nil {
		first = journal.Record{Type: journal.RunStarted, Plan: c.program.Hash, Value: c.in, State: state.Begun(job.Under().State), Limits: job.Under().Limits}
	}
	if err := c.log.Begin(ctx, first); err != nil {
		return nil, err
	}
	job.Journal = c.log
	return c.parts(ctx, &job, nil, out)
}

// parts drives the run in parts, each from the root; the first goes on where the run has left its goroutine, if it has.
func (c *course) parts(ctx context.Context, job *engine.Job, away engine.Parked, out *engine.Outcome) (any, error) {
	limit := job.Under().Limits.Duration
	for {
		if limit > 0 {
			left := *job.Terms
			left.Limits.Duration = max(limit-c.spent, 1)
			job.Terms = &left
		}
		v, err := c.drive(ctx, job, away, out)
		away = nil
		if plan.CodeOf(err) != plan.CodePaused {
			return v, err
		}
		if !c.log.Ready() {
			asked, aerr := c.ask(ctx)
			switch {
			case aerr != nil:
				return v, aerr
			case !asked:
				return v, err
			}
		}
		if err := c.rewind(ctx); err != nil {
			return nil, err
		}
		*out = engine.Outcome{}
	}
}

// drive lets the engine go through the run once, or on from where it has left its goroutine.
func (c *course) drive(ctx context.Context, job *engine.Job, away engine.Parked, out *engine.Outcome) (v any, err error) {
	if away == nil {
		c.log.Enter(ctx)
		c.begun = time.Now()
	}
	defer func() {
		if err != plan.ErrParked { // it goes on: others may be at it already
			c.spent += time.Since(c.begun)
			c.log.Leave()
		}
	}()
	if away != nil {
		return away.Resume(out)
	}
	return c.engine.Drive(ctx, c.program, c.in, job, out)
}

// rewind prepares for a further part in the same process.
func (c *course) rewind(ctx context.Context) error {
	err := c.log.Rewind(ctx)
	c.loaded()
	return err
}

// reopen claims the journal of a run that rests.
func (c *course) reopen(ctx context.Context) error {
	err := c.log.Reopen(ctx)
	if c.loaded(); err == nil {
		c.spent = c.log.Spent() // others may have gone on with it
	}
	return err
}

// loaded takes what the run began with from the journal: what was given to an earlier part may have been changed by its steps.
func (c *course) loaded() {
	if first := c.log.First(); first != nil {
		c.in = first.Value
	}
}

// ended says that the run has ended for good: there is nothing to go on with.
func (c *course) ended() bool {
	st := c.log.Status()
	return st == plan.Completed || st == plan.Failed
}

// lost is why a run that rested is not to be gone on with, by what was loaded last; nil where it is.
func (c *course) lost() error {
	switch c.log.Status() {
	case plan.NotRun:
		return plan.Errorf(plan.CodeNotFound, "weir: the journal does not know run %s any more: it has ended elsewhere or was deleted", c.log.Run())
	case plan.Canceled:
		return canceled(nil)
	}
	return nil
}

// unasked is the error of a run that waits, because nobody could be asked: it ends the call, and the run can be resumed.
type unasked struct{ error }

func (u *unasked) Unwrap() error { return u.error }

// canceled is the error of a run that was cancelled while it waited.
func canceled(cause error) error {
	return &plan.Error{Code: plan.CodeCanceled, Text: "weir: the run was canceled while it waited for a person", Err: cause}
}

// ask gives the requests to whoever answers for this run, and says whether there is one and any was answered.
func (c *course) ask(ctx context.Context) (answered bool, err error) {
	if c.answers == nil {
		return false, nil
	}
	for _, r := range c.pending() {
		v, err := c.answers(ctx, r)
		switch {
		case plan.CodeOf(err) == plan.CodePaused: // this one is left for later
			continue
		case err != nil && ctx.Err() != nil:
			return answered, canceled(errors.Join(err, context.Cause(ctx)))
		case err != nil:
			return answered, &unasked{plan.Errorf(plan.CodeOf(err), "weir: run %s waits: nobody could be asked for %s: %w", c.log.Run(), r.Path, err)}
		}
		err = c.log.Answer(ctx, r.ID, v)
		switch plan.CodeOf(err) {
		case "", plan.CodeLate, plan.CodeAnswered: // in time or not, the run can go on
			answered = true
		case plan.CodeJournal:
			return answered, err
		default:
			return answered, &unasked{err}
		}
	}
	return answered, nil
}

// read gives what a run that has ended came to, and its history, without running anything.
func (c *course) read(ctx context.Context, job *engine.Job, out *engine.Outcome) (any, error) {
	end := c.log.End()
	c.quiet(job)
	v, err := c.engine.Drive(ctx, c.program, c.in, job, out)
	if end.Failure != nil {
		return v, end.Failure.Err()
	}
	if plan.CodeOf(err) == plan.CodeJournal || ctx.Err() != nil {
		return nil, err
	}
	return end.Value, nil // also where the code goes another way today: what the run came to is recorded
}

// show finds out how a run that rests stands, without running anything: by its records, under a claim that it gives up again. The error
// is the pause.
func (c *course) show(ctx context.Context, job engine.Job, out *engine.Outcome) error {
	if err := c.reopen(ctx); err != nil {
		return err
	}
	defer c.log.Close(ctx)
	c.quiet(&job)
	job.Recorder = nil // it was told when it happened
	_, err := c.engine.Drive(ctx, c.program, c.in, &job, out)
	return err
}

// quiet has a job run nothing anew.
func (c *course) quiet(job *engine.Job) {
	c.log.ReadOnly()
	terms := job.Under()
	terms.Limits.Duration, terms.Meter, terms.Summaries = 0, nil, nil
	job.Terms, job.Journal, job.Keeper = &terms, c.log, nil
}

// settle writes how the part ended, with err or with v, and gives the journal up. Its error is that of the journal.
func (c *course) settle(ctx context.Context, v any, err error, out *engine.Outcome) error {
	if c.ended() || c.log.Status() == plan.NotRun { // it ended before, or was not allowed to begin
		c.log.Close(ctx)
		return nil
	}
	end := journal.Record{Type: journal.RunCompleted, Value: v, Elapsed: c.spent, Usage: out.Usage, Failure: journal.Failed(err)}
	_, waits := errors.AsType[*unasked](err)
	switch status := statusOf(err); {
	case waits, status == Paused:
		end.Type = journal.RunPaused
	case status == Canceled:
		end.Type = journal.RunCanceled
	case status == Failed:
		end.Type = journal.RunFailed
	}
	if plan.CodeOf(err) == plan.CodeJournal && !waits { // it cannot be written; the run can be resumed from what was
		c.log.Close(ctx)
		return nil
	}
	if err != nil {
		end.Value = nil
	}
	if err := c.log.Suspend(ctx, end); err != nil {
		return err
	}
	if c.brief && end.Type != journal.RunPaused {
		return c.log.Forget(ctx)
	}
	return nil
}

// cancel writes that a run which rested was cancelled, and gives the journal up again.
func (c *course) cancel(ctx context.Context, err error, used usage.Usage) error {
	end := journal.Record{Type: journal.RunCanceled, Elapsed: c.spent, Usage: used, Failure: journal.Failed(err)}
	if err := c.log.Suspend(ctx, end); err != nil || !c.brief {
		return err
	}
	return c.log.Forget(ctx)
}

// pending are the requests that wait, in the order of their paths.
func (c *course) pending() []Request { return ordered(c.program, c.log.Pending()) }
