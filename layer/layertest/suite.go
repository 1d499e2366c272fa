package layertest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/plan/plantest"
)

// Passes is the suite of what holds for every layer by itself; plantest.Layer runs one on an engine. What no handler may swallow goes through untouched, and nothing is run
// again because of it; an ordinary failure, a panic and a cancellation are not lost. The layer stands round a step that takes
// in and returns out; ctx is the step's context, with a run's state in it for layers that need one.
func Passes(t *testing.T, ctx context.Context, l plan.Layer, in, out any) {
	t.Helper()
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			if err := c.run(ctx, l, in, out); err != nil {
				t.Error(err)
			}
		})
	}
}

// check is one part of the suite; its error says what the layer did wrong.
type check struct {
	name string
	run  func(ctx context.Context, l plan.Layer, in, out any) error
}

func checks() []check {
	list := []check{
		{"loses no success", losesNoSuccess},
		{"loses no failure", losesNoFailure},
		{"loses no panic", losesNoPanic},
		{"leaves a cancelled call alone", leavesCancelled},
		{"has a name", named},
	}
	for _, final := range plantest.Finals() {
		list = append(list, check{fmt.Sprintf("passes %s", final), passes(final)})
	}
	return list
}

func passes(final error) func(context.Context, plan.Layer, any, any) error {
	return func(ctx context.Context, l plan.Layer, in, out any) error {
		calls := 0
		op, err := build(Step(func(context.Context, plan.Frame, any) (any, error) {
			calls++
			return out, final
		}, l))
		if err != nil {
			return err
		}
		f := &Frame{}
		got, err := op(ctx, f, in)
		switch {
		case err != final:
			return fmt.Errorf("error %v (%T), want the very one that came from below: %v", err, err, final)
		case got != nil && !same(got, out):
			return fmt.Errorf("value %v beside the error; want %v or nothing", got, out)
		case calls != 1 || len(f.Retries) != 0:
			return fmt.Errorf("%d calls and %d retries, want 1 and 0", calls, len(f.Retries))
		}
		return nil
	}
}

func losesNoSuccess(ctx context.Context, l plan.Layer, in, out any) error {
	op, err := build(Step(func(context.Context, plan.Frame, any) (any, error) { return out, nil }, l))
	if err != nil {
		return err
	}
	if got, err := op(ctx, &Frame{}, in); err != nil || !same(got, out) {
		return fmt.Errorf("got %v, %v; want what the step returned: %v", got, err, out)
	}
	return nil
}

func losesNoFailure(ctx context.Context, l plan.Layer, in, _ any) error {
	boom := errors.New("boom")
	op, err := build(Step(func(context.Context, plan.Frame, any) (any, error) { return nil, boom }, l))
	if err != nil {
		return err
	}
	if _, err := op(ctx, &Frame{}, in); !errors.Is(err, boom) {
		return fmt.Errorf("error %v, want one that wraps the step's", err)
	}
	return nil
}

func losesNoPanic(ctx context.Context, l plan.Layer, in, _ any) error {
	boom := errors.New("boom")
	op, err := build(Step(func(context.Context, plan.Frame, any) (any, error) { panic(boom) }, l))
	if err != nil {
		return err
	}
	_, err = (&Frame{}).Try(ctx, op, in) // as the engine does round every step
	if plan.CodeOf(err) != plan.CodePanic || !errors.Is(err, boom) {
		return fmt.Errorf("error %v (code %q), want the panic", err, plan.CodeOf(err))
	}
	return nil
}

func leavesCancelled(ctx context.Context, l plan.Layer, in, _ any) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	calls := 0
	op, err := build(Step(func(ctx context.Context, _ plan.Frame, _ any) (any, error) {
		calls++
		cancel()
		return nil, ctx.Err()
	}, l))
	if err != nil {
		return err
	}
	if _, err := op(ctx, &Frame{}, in); !errors.Is(err, context.Canceled) || calls != 1 {
		return fmt.Errorf("error %v after %d calls, want the cancellation after 1", err, calls)
	}
	return nil
}

func named(_ context.Context, l plan.Layer, _, _ any) error {
	if l.Name() == "" {
		return errors.New("the layer has no name")
	}
	return nil
}

// same compares values that may not be comparable.
func same(a, b any) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) }

// pass is an op that gives back what it got.
func pass(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }
