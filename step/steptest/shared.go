package steptest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/weirtest"
)

// twice is a layer that makes a second attempt.
type twice struct{}

func (twice) Name() string { return "twice" }
func (twice) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	site := b.Site()
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := f.Try(ctx, next, in)
		if err == nil {
			return out, nil
		}
		f.Retried(site, 1, err, 0)
		return next(ctx, f, in)
	}
}

func keepsNoState[I, O any](t *testing.T, k Kind[I, O]) error {
	first, seen := true, 1000
	r, err := k.try(t.Context(), func(ctx context.Context, n int) (int, error) {
		if first {
			first = false
			seed.Set(ctx, 7)
			return 0, errBoom
		}
		seen = seed.Get(ctx)
		return n + 1, nil
	}, twice{})
	if err != nil {
		return err
	}
	if last, _ := seed.From(r.result.State); r.err != nil || seen != 1000 || last != 1000 {
		return fmt.Errorf("after a failed attempt that wrote 7 over 1000, the next one saw %d and the run left %d (%v)", seen, last, r.err)
	}
	if want := k.calls() + 1; !k.Handles && (r.calls != want || r.result.Metrics.Retries != 1 || r.step.Count() != 1) {
		return fmt.Errorf("the probe was called %d times, want %d; the step is recorded %d times with %d retries, want once with one",
			r.calls, want, r.step.Count(), r.result.Metrics.Retries)
	}
	return nil
}

// apart is how far the inputs of runs that go on at the same time are from each other.
const apart = 1000

func severalRuns[I, O any](t *testing.T, k Kind[I, O]) error {
	p, err := weir.Compile(k.pipeline(k.Make(own)), nil)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			for round := range 10 {
				n := (10*i + round) * apart
				if out, err := p.Run(t.Context(), n); err != nil || !reflect.DeepEqual(out, k.Out(n)) {
					errs[i] = fmt.Errorf("run %d: got %#v, %v; want %#v", n, out, err, k.Out(n))
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// own is a probe that looks whether it works in the run that it was called for.
func own(ctx context.Context, n int) (int, error) {
	for range 3 {
		if at := seed.Get(ctx); n/apart != at/apart {
			return 0, fmt.Errorf("called with %d in the run of %d", n, at)
		}
		runtime.Gosched()
	}
	return n + 1, nil
}

func severalPipelines[I, O any](t *testing.T, k Kind[I, O]) error {
	s := k.Make(own)
	after := weir.Func("after", func(_ context.Context, out O) (O, error) { return out, nil })
	plans := make([]*weir.Plan[int, O], 2)
	for i, pipeline := range []weir.Step[int, O]{k.pipeline(s), weir.Then(k.pipeline(s), after).Named("outer")} {
		p, err := weir.Compile(pipeline, nil)
		if err != nil {
			return err
		}
		plans[i] = p
	}
	for i := range 4 {
		r, err := plans[i%2].Execute(t.Context(), apart)
		if err != nil || !reflect.DeepEqual(r.Output, k.Out(apart)) {
			return fmt.Errorf("pipeline %d: got %#v, %v; want %#v", i%2, r.Output, err, k.Out(apart))
		}
		path := s.Name()
		if i%2 == 1 {
			path = "outer/" + path
		}
		if _, ok := r.Step(path); !ok {
			return fmt.Errorf("pipeline %d has no step %s", i%2, path)
		}
	}
	return nil
}

func sameWithout[I, O any](t *testing.T, k Kind[I, O]) error {
	outcome := func(probe Probe) string {
		return weirtest.SameWithout(t, 1000, func() (weir.Step[int, O], *weir.Config) { return k.pipeline(k.Make(probe)), nil })
	}
	outcome(plusOne)
	if got := outcome(func(ctx context.Context, _ int) (int, error) {
		seed.Set(ctx, 7)
		return 0, errBoom
	}); !strings.Contains(got, "state steptest.seed: int(1000)") {
		return fmt.Errorf("a failed step leaves what it wrote to the state:\n%s", got)
	}
	return nil
}
