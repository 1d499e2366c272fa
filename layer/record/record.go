// Package record is the layer that writes to the run's journal what became of a step, and answers from it when a run is resumed.
//
// Compile puts it round every step that does work itself, in plans that keep a journal; elsewhere it is absent. It stands outside of
// retry, so a step that is answered from the journal is not tried again, whatever it came to: its output and error, what it wrote to the
// run's state, its usage and its notes are as they were. A step is recorded when it succeeded or failed for good. One that was stopped,
// paused, or ended by what no handler may swallow is not: it runs anew.
package record

import (
	"context"
	"runtime/debug"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
)

// Layer gives the layer. A record costs what the journal's store takes for it; reading one back costs a look-up.
func Layer() plan.Layer { return layer{} }

type layer struct{}

// Name is "record".
func (layer) Name() string { return "record" }

// Wrap puts the journal round next.
func (layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	site, parks := b.Site(), b.Parks()
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		log := journal.LogOf(ctx)
		if log == nil || log.Over(ctx) {
			return next(ctx, f, in)
		}
		key := f.Key(site)
		if past := log.Past(key); past != nil {
			return again(ctx, f, site, past)
		}
		if err := log.Missing(key); err != nil {
			return nil, err
		}
		if err := plan.Unrecorded(ctx); err != nil {
			return nil, err
		}
		once, before := journal.Idempotent(log.Run(), key), begun(ctx)
		if parks {
			before = comeBack(f, before)
		}
		out, err := call(journal.WithIdempotencyKey(ctx, once), f, next, in)
		if err == plan.ErrParked {
			kept := before // so that only a step which is left has it outside of the stack
			plan.ParkerOf(f).Keep(&kept)
			return in, err
		}
		if unfinished(ctx, err) {
			return out, err
		}
		r := journal.Record{Type: journal.StepCompleted, Key: key, Path: site.Path, Idempotency: once, Value: out}
		cause, kept := plan.StateKept(err)
		if err != nil {
			r.Type, r.Failure, r.Kept = journal.StepFailed, journal.Failed(cause), kept
		}
		before.since(ctx, &r, err == nil || kept)
		facts := f.Facts(site)
		r.Attempt, r.Elapsed, r.Notes = facts.Attempts, facts.Elapsed, facts.Notes
		if err := log.Append(ctx, r); err != nil {
			return nil, err
		}
		return out, err
	}
}

// Reenters is true: a run may leave its goroutine inside the layer.
func (layer) Reenters() bool { return true }

// comeBack gives how things were when the step began whose run left its goroutine; else before.
//
//go:noinline
func comeBack(f plan.Frame, before moment) moment {
	if p := plan.ParkerOf(f); p != nil {
		if m, ok := p.Kept().(*moment); ok {
			return *m
		}
	}
	return before
}

// unfinished says that a step is to run anew when the run is resumed.
func unfinished(ctx context.Context, err error) bool {
	return err != nil && (plan.Final(err) || ctx.Err() != nil)
}

// call runs the step; a panic is a failure like others.
func call(ctx context.Context, f plan.Frame, next plan.Op, in any) (out any, err error) {
	defer caught(&out, &err)
	return next(ctx, f, in)
}

// caught turns a panic into an error.
func caught(out *any, err *error) {
	if p := recover(); p != nil {
		*out, *err = nil, &plan.PanicError{Value: p, Stack: debug.Stack()}
	}
}

// again is what a step came to in an earlier part of the run.
func again(ctx context.Context, f plan.Frame, site *plan.Site, past *journal.Record) (any, error) {
	err := applied(ctx, past)
	if plan.CodeOf(err) == plan.CodeJournal {
		return nil, err
	}
	f.Restore(site, plan.Facts{Attempts: past.Attempt, Elapsed: past.Elapsed, Notes: past.Notes})
	if past.Kept {
		err = plan.KeepState(err)
	}
	return past.Value, err
}
