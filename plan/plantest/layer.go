package plantest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// Layer is the suite of what holds for every layer, run by an engine. The layer stands round a step that takes in and returns
// out, between two others; out is also what the layer gives. A layer passes when
//
//   - what no handler may swallow (plan.Final) comes through untouched: what a step returned, a breach of the run's budget
//     and of its duration, and the end of the caller's context. The step is not run again because of it;
//   - an ordinary failure and a panic are not lost, and neither is a value;
//   - the step is recorded once an execution, however many attempts there were, and nothing after a failure is;
//   - what a failed step wrote to the state is gone, and what a good one wrote is there;
//   - several runs of one plan go on at once.
func Layer(t *testing.T, l plan.Layer, in, out any) {
	t.Helper()
	for _, c := range layerChecks() {
		t.Run(c.name, func(t *testing.T) {
			if err := c.run(trial{layer: l, in: in, out: out}, t); err != nil {
				t.Error(err)
			}
		})
	}
}

// layerCheck is one part of the suite; its error says what the layer did wrong.
type layerCheck struct {
	name string
	run  func(trial, *testing.T) error
}

func layerChecks() []layerCheck {
	list := []layerCheck{
		{"keeps a success", trial.success},
		{"keeps a failure", trial.failure},
		{"keeps a panic", trial.panic},
		{"passes a breach of the budget", trial.breach},
		{"passes the end of the run's time", trial.duration},
		{"passes a cancellation", trial.cancellation},
		{"is used by several runs at once", trial.several},
	}
	for _, final := range Finals() {
		list = append(list, layerCheck{fmt.Sprintf("passes %s", final), func(l trial, t *testing.T) error { return l.passes(t, final) }})
	}
	return list
}

// wrote is a key of the state that the suite writes to.
var wrote = state.NewKey[int]("plantest.wrote")

// errBoom is an ordinary failure.
var errBoom = errors.New("boom")

// trial is a layer with what its step takes and gives.
type trial struct {
	layer   plan.Layer
	in, out any
}

// try runs the layer round an op. The op is called in one goroutine only.
func (l trial) try(ctx context.Context, op plan.Op, limits usage.Limits) (*ran, error) {
	r := &ran{}
	p, err := plan.Build(l.pipeline(func(ctx context.Context, f plan.Frame, in any) (any, error) {
		r.calls++
		wrote.Set(ctx, r.calls)
		return op(ctx, f, in)
	}), plan.Options{})
	if err != nil {
		return nil, fmt.Errorf("the step does not compile: %w", err)
	}
	r.drive(ctx, p, l.in, limits)
	return r, nil
}

// pipeline is a step under the layer between two that do nothing.
func (l trial) pipeline(op plan.Op) *plan.Step {
	return sequence("", leaf("before", same), leaf("step", op, l.layer), leaf("after", same))
}

func (l trial) success(t *testing.T) error {
	r, err := l.try(t.Context(), func(context.Context, plan.Frame, any) (any, error) { return l.out, nil }, usage.Limits{})
	if err != nil {
		return err
	}
	if r.err != nil || !alike(r.out, l.out) || r.calls != 1 {
		return fmt.Errorf("got %v, %v after %d calls; want what the step returned, %v, after one", r.out, r.err, r.calls, l.out)
	}
	if n, _ := wrote.From(r.outcome.State); n != 1 {
		return fmt.Errorf("what the step wrote to the state is lost")
	}
	return r.recorded(plan.Completed)
}

func (l trial) failure(t *testing.T) error {
	r, err := l.try(t.Context(), func(context.Context, plan.Frame, any) (any, error) { return nil, errBoom }, usage.Limits{})
	if err != nil {
		return err
	}
	if !errors.Is(r.err, errBoom) {
		return fmt.Errorf("error %v, want one that wraps the step's", r.err)
	}
	return r.recorded(plan.Failed)
}

func (l trial) panic(t *testing.T) error {
	r, err := l.try(t.Context(), func(context.Context, plan.Frame, any) (any, error) { panic(errBoom) }, usage.Limits{})
	if err != nil {
		return err
	}
	if p, ok := errors.AsType[*plan.PanicError](r.err); !ok || p.Value != errBoom || len(p.Stack) == 0 {
		return fmt.Errorf("error %v, want the panic with its stack", r.err)
	}
	return r.recorded(plan.Failed)
}

func (l trial) passes(t *testing.T, final error) error {
	r, err := l.try(t.Context(), func(context.Context, plan.Frame, any) (any, error) { return l.out, final }, usage.Limits{})
	switch {
	case err != nil:
		return err
	case !Untouched(r.err, final):
		return fmt.Errorf("error %v (%T), want the very one that came from below: %v", r.err, r.err, final)
	case r.calls != 1:
		return fmt.Errorf("the step was run %d times, want once", r.calls)
	}
	return r.recorded(r.records[1].Status)
}

// breach has the step use more than the run may. The step succeeds; the engine ends the run after it.
func (l trial) breach(t *testing.T) error {
	r, err := l.try(t.Context(), func(ctx context.Context, _ plan.Frame, _ any) (any, error) {
		return l.out, usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 10})
	}, usage.Limits{Tokens: usage.AtMost(5)})
	if err != nil {
		return err
	}
	if plan.CodeOf(r.err) != plan.CodeBudget || r.calls != 1 || r.outcome.Usage.InputTokens != 10 {
		return fmt.Errorf("error %v after %d calls that used %+v; want the breach after one", r.err, r.calls, r.outcome.Usage)
	}
	if step, after := r.records[1], r.records[2]; step.Count != 1 || step.Retries != 0 || after.Status != plan.NotRun {
		return fmt.Errorf("the step is recorded %d times with %d retries, the one after it as %v; want once, without, and not run",
			step.Count, step.Retries, after.Status)
	}
	return nil
}

func (l trial) duration(t *testing.T) (err error) {
	synctest.Test(t, func(t *testing.T) { // which fails when a goroutine is left
		var r *ran
		r, err = l.try(t.Context(), untilEnded, usage.Limits{Duration: time.Second})
		switch {
		case err != nil:
		case plan.CodeOf(r.err) != plan.CodeDuration || r.calls != 1:
			err = fmt.Errorf("error %v after %d calls, want that the run's time is over after one", r.err, r.calls)
		default:
			err = r.recorded(plan.Canceled)
		}
	})
	return err
}

func (l trial) cancellation(t *testing.T) (err error) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		var r *ran
		r, err = l.try(ctx, untilEnded, usage.Limits{})
		switch {
		case err != nil:
		case plan.CodeOf(r.err) != plan.CodeCanceled || !errors.Is(r.err, context.Canceled) || r.calls != 1:
			err = fmt.Errorf("error %v after %d calls, want the cancellation after one", r.err, r.calls)
		default:
			err = r.recorded(plan.Canceled)
		}
	})
	return err
}

// untilEnded is an op that works until its context ends.
func untilEnded(ctx context.Context, _ plan.Frame, _ any) (any, error) {
	<-ctx.Done()
	return nil, fmt.Errorf("stopped: %w", ctx.Err())
}

func (l trial) several(t *testing.T) error {
	p, err := plan.Build(l.pipeline(func(context.Context, plan.Frame, any) (any, error) { return l.out, nil }), plan.Options{})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	runs := make([]ran, 8)
	for i := range runs {
		wg.Go(func() { runs[i].drive(t.Context(), p, l.in, usage.Limits{}) })
	}
	wg.Wait()
	for i := range runs {
		if r := &runs[i]; r.err != nil || !alike(r.out, l.out) {
			return fmt.Errorf("run %d of several got %v, %v; want %v", i, r.out, r.err, l.out)
		}
	}
	return nil
}
