package steptest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/plan/plantest"
)

func checks[I, O any]() []check[I, O] {
	list := []check[I, O]{
		{"gives what its child gave", gives[I, O]},
		{"loses no failure", losesNoFailure[I, O]},
		{"loses no panic", losesNoPanic[I, O]},
		{"ends when it is cancelled", endsCancelled[I, O]},
		{"keeps no state of a failed attempt", keepsNoState[I, O]},
		{"is used by several runs at once", severalRuns[I, O]},
		{"stands in several pipelines", severalPipelines[I, O]},
		{"is the same without optimisations", sameWithout[I, O]},
	}
	for _, final := range plantest.Finals() {
		list = append(list, check[I, O]{fmt.Sprintf("passes %s", final), passes[I, O](final)})
	}
	return list
}

// plusOne is what a probe does.
func plusOne(_ context.Context, n int) (int, error) { return n + 1, nil }

func gives[I, O any](t *testing.T, k Kind[I, O]) error {
	r, err := k.try(t.Context(), plusOne)
	switch {
	case err != nil:
		return err
	case r.err != nil || !reflect.DeepEqual(r.result.Output, k.Out(1000)):
		return fmt.Errorf("got %#v, %v; want %#v", r.result.Output, r.err, k.Out(1000))
	case r.step.Count() != 1 || r.step.Status() != weir.Completed || r.step.Failures() != 0:
		return fmt.Errorf("the step is recorded as %v, %d times, with %d failures; want completed, once", r.step.Status(), r.step.Count(), r.step.Failures())
	case r.calls != k.calls() || !r.leaf && r.probe.Count() != r.calls || r.probe.Status() != weir.Completed:
		return fmt.Errorf("the probe was called %d times and is recorded as %v, %d times; want %d", r.calls, r.probe.Status(), r.probe.Count(), k.calls())
	case !r.leaf && !strings.HasPrefix(r.probe.Path(), r.step.Path()+"/"):
		return fmt.Errorf("the path %s of the probe is not below that of the step, %s", r.probe.Path(), r.step.Path())
	}
	return nil
}

func passes[I, O any](final error) func(*testing.T, Kind[I, O]) error {
	return func(t *testing.T, k Kind[I, O]) error {
		r, err := k.try(t.Context(), func(context.Context, int) (int, error) { return 0, final })
		switch {
		case err != nil:
			return err
		case !plantest.Untouched(r.err, final):
			return fmt.Errorf("error %v (%T), want the very one that came from below: %v", r.err, r.err, final)
		case r.calls != 1:
			return fmt.Errorf("the probe was called %d times, want once", r.calls)
		case r.step.Count() != 1 || r.step.Status() == weir.Completed || r.probe.Count() != 1:
			return fmt.Errorf("the step is recorded as %v, %d times, and the probe %d times; want once each, and not as completed",
				r.step.Status(), r.step.Count(), r.probe.Count())
		}
		return r.placed(r.err)
	}
}

// placed checks the path of a failure that began in the probe.
func (r *trial[O]) placed(err error) error {
	at, ok := err.(*plan.StepError)
	if !ok {
		return fmt.Errorf("the error %v has no path", err)
	}
	path := r.step.Path()
	if at.Path == "step/below" || at.Path == path && r.leaf || strings.HasPrefix(at.Path, path+"/") || strings.HasPrefix(at.Path, path+"[") {
		return nil
	}
	return fmt.Errorf("the error is at %s, which is not below %s", at.Path, path)
}

func losesNoFailure[I, O any](t *testing.T, k Kind[I, O]) error {
	r, err := k.try(t.Context(), func(context.Context, int) (int, error) { return 0, errBoom })
	if err != nil {
		return err
	}
	return k.failed(r, func(err error) error {
		if !errors.Is(err, errBoom) {
			return fmt.Errorf("error %v, want one that wraps the probe's", err)
		}
		return nil
	})
}

func losesNoPanic[I, O any](t *testing.T, k Kind[I, O]) error {
	r, err := k.try(t.Context(), func(context.Context, int) (int, error) { panic(errBoom) })
	if err != nil {
		return err
	}
	return k.failed(r, func(err error) error {
		p, ok := errors.AsType[*plan.PanicError](err)
		if !ok || p.Value != errBoom || !strings.Contains(string(p.Stack), "losesNoPanic") {
			return fmt.Errorf("error %v, want the panic with its stack", err)
		}
		return nil
	})
}

// failed checks a run whose probe failed: how that is recorded, and the error that came of it.
func (k Kind[I, O]) failed(r *trial[O], check func(error) error) error {
	if n := r.probe.Failures(); n != r.probe.Count() || n < 1 || r.probe.Status() != weir.Failed {
		return fmt.Errorf("the probe is recorded as %v, %d times, with %d failures; each call failed", r.probe.Status(), r.probe.Count(), n)
	}
	if r.step.Count() != 1 {
		return fmt.Errorf("the step is recorded %d times, want once", r.step.Count())
	}
	if err := check(r.probe.Err()); err != nil {
		return fmt.Errorf("in the record of the probe: %w", err)
	}
	if k.Handles {
		if r.err != nil || r.step.Status() != weir.Completed {
			return fmt.Errorf("the step is %v and the run says %v; it should handle a failure", r.step.Status(), r.err)
		}
		return nil
	}
	if r.err == nil || r.step.Status() != weir.Failed || r.step.Failures() != 1 {
		return fmt.Errorf("the step is %v and the run says %v; want a failure", r.step.Status(), r.err)
	}
	return check(r.err)
}

func endsCancelled[I, O any](t *testing.T, k Kind[I, O]) (err error) {
	synctest.Test(t, func(t *testing.T) { // which fails when a goroutine is left
		ctx, cancel := context.WithCancel(t.Context())
		var r *trial[O]
		r, err = k.try(ctx, func(ctx context.Context, _ int) (int, error) {
			cancel()
			<-ctx.Done()
			return 0, fmt.Errorf("stopped: %w", ctx.Err())
		})
		switch {
		case err != nil:
		case plan.CodeOf(r.err) != plan.CodeCanceled || !errors.Is(r.err, context.Canceled):
			err = fmt.Errorf("error %v, want the cancellation", r.err)
		case r.calls != 1 || r.step.Status() != weir.Canceled || r.result.Status != weir.Canceled:
			err = fmt.Errorf("the probe was called %d times, the step is %v, the run %v; want one call, and canceled", r.calls, r.step.Status(), r.result.Status)
		}
	})
	return err
}
