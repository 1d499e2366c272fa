package local

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// caught turns a recovered panic into an error that carries the stack.
//
//go:noinline
func caught(p any) error { return &plan.PanicError{Value: p, Stack: debug.Stack()} }

// oversized is the error of a step that returned more text than a step may.
func oversized(n, limit int) error {
	return plan.Errorf(plan.CodeOutputSize, "the step returned %d bytes, more than the %d that a step may; return less, or raise MaxOutput", n, limit)
}

// failed ends the step at f.at, which returned an error, panicked or returned too much (err is nil then): its state is
// dropped unless the error says otherwise (plan.KeepState), its record written unless it was never begun (plan.Standing), its
// error placed.
//
//go:noinline
func (f *frame) failed(out any, err error) (any, error) {
	if err == plan.ErrParked {
		f.park(out)
		return nil, err
	}
	ctx, site, begun := f.at.ctx, f.at.step().Site, f.at.begun
	err, kept := plan.StateKept(err)
	stands, err := plan.StandingOf(err)
	if stands == plan.Completed && site != nil {
		return out, f.succeeded(site, err)
	}
	if site != nil && !kept { // without a site it is a sequence that is no step: its steps have seen to their state
		f.strand.scope.Rollback(f.at.mark)
	}
	if err == nil {
		out, err = nil, oversized(textLen(out), f.limit)
	}
	if ctx.Err() != nil && !plan.Final(err) {
		err = stopped(ctx, err)
	}
	if f.strand.unsettled() {
		if breach := f.settle(site); breach != nil && !plan.Final(err) {
			err = breach
		}
	}
	if site == nil {
		return out, err
	}
	now := clock()
	attempt := f.tried(site.Index)
	placed := f.placed(site, attempt, err)
	if stands != plan.NotRun {
		f.record(site, begun, now, statusOf(err))
		f.keep(site, out, placed)
	}
	f.last = now
	if f.watched {
		kind := telemetry.StepFailed
		if statusOf(err) == plan.Paused {
			kind = telemetry.StepPaused
		}
		e := f.blank(kind, site)
		e.Replayed, e.Elapsed, e.Attempt, e.Usage = f.again(), time.Duration(now-begun), attempt, f.usage(site)
		e.Err, e.Error, e.Code = placed, placed.Err.Error(), string(placed.Code)
		f.tell(e, now)
	}
	return out, placed
}

// succeeded ends the step at f.at, which succeeded and ends the run all the same. A breach of the run's limits goes before.
func (f *frame) succeeded(site *plan.Site, err error) error {
	attempt := f.tried(site.Index)
	if breach := f.ended(); breach != nil {
		return breach
	}
	return f.placed(site, attempt, err)
}

// placed says where an error came up, unless it says that itself.
func (f *frame) placed(site *plan.Site, attempt int, err error) *plan.StepError {
	if placed, ok := err.(*plan.StepError); ok {
		return placed
	}
	return &plan.StepError{Path: f.Path(site), Kind: site.Kind, Attempt: attempt, Code: plan.CodeOf(err), Err: err}
}

// record writes an execution that did not succeed.
func (f *frame) record(site *plan.Site, begun, now int64, status plan.Status) {
	r := &f.records[site.Index-f.offset]
	if r.Count == 0 {
		r.Start = begun
	}
	r.Busy += now - begun
	r.Count++
	r.Status = status
	if status == plan.Failed {
		r.Failures++
	}
}

// broke is the error of an attempt that failed with err: the breach, if it passed a limit, so that no other follows.
func (f *frame) broke(err error) error {
	if f.strand.unsettled() && !plan.Final(err) {
		if breach := f.strand.breach(); breach != nil {
			return breach
		}
	}
	return err
}

// statusOf is how a step with this error stands.
func statusOf(err error) plan.Status {
	switch plan.CodeOf(err) {
	case plan.CodeCanceled, plan.CodeDuration:
		return plan.Canceled
	case plan.CodePaused:
		return plan.Paused
	}
	return plan.Failed
}

// keep remembers a failure for the result.
func (f *frame) keep(site *plan.Site, out any, err error) {
	if !f.run.keep {
		return
	}
	f.run.mu.Lock()
	defer f.run.mu.Unlock()
	d := f.run.detail(site.Index)
	if d.First == nil {
		d.First = err
	}
	d.Last, d.Output = err, out
}

// stopped is the error of a strand whose context has ended: the cause of that, if it says more than "canceled".
//
//go:noinline
func stopped(ctx context.Context, during error) error {
	cause := context.Cause(ctx)
	if cause == nil {
		cause = ctx.Err()
	}
	if plan.Final(cause) {
		return cause
	}
	err := ctx.Err()
	if err == nil {
		err = context.Canceled
	}
	text := "stopped: " + cause.Error()
	if cause != err {
		err = fmt.Errorf("%w: %w", err, cause)
	}
	if during != nil {
		text = fmt.Sprintf("%s (the step said: %v)", text, during)
	}
	return &plan.Error{Code: plan.CodeCanceled, Text: text, Err: err}
}
