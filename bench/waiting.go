package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/loop"
)

// waiting is something that runs wait for: a run that is accepted takes memory until it has ended.
type waiting struct {
	name string
	// plan makes a pipeline whose runs tell at and then wait.
	plan func(at arrivals) weir.Step[int, int]
	// rests says that a run which waits is paused.
	rests bool
}

// waits are the three sorts of waiting.
func waits() []waiting {
	return []waiting{
		{name: "limit", plan: func(at arrivals) weir.Step[int, int] {
			full := limit.New(1)
			_ = full.Acquire(context.Background()) // it is free, so that cannot fail, and nobody gives it back
			return weir.Then(arriving(at), weir.Func("work", increment).With(limit.By(full)))
		}},
		{name: "timer", plan: func(at arrivals) weir.Step[int, int] {
			return loop.Times("poll", 2, arriving(at), loop.Delay(time.Hour))
		}},
		{name: "person", rests: true, plan: func(at arrivals) weir.Step[int, int] {
			return weir.Then(arriving(at), human.Ask[int, int]("ask", human.Text[int]("How many?")))
		}},
	}
}

// arriving is a step that tells at.
func arriving(at arrivals) weir.Step[int, int] {
	return weir.Func("arrive", func(_ context.Context, n int) (int, error) {
		at <- struct{}{}
		return n, nil
	})
}

// started is what each of n runs takes that were started and wait; rests says that they are paused then.
func (w waiting) started(ctx context.Context, n int, rests bool, without []string, opts ...weir.RunOption) (bytes, goroutines float64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	at := make(arrivals, n)
	p, err := weir.Compile(w.plan(at), &weir.Config{Without: without})
	if err != nil {
		return 0, 0, err
	}
	runs := make([]*weir.Run[int], n)
	return held(n,
		func(i int) (err error) { runs[i], err = p.Start(ctx, i, opts...); return err },
		func() error {
			if !rests {
				return at.all(ctx, n)
			}
			for _, r := range runs {
				if _, err := r.Wait(ctx); err != nil {
					return err
				}
			}
			return nil
		},
		func() error {
			cancel()
			for _, r := range runs {
				if r == nil {
					continue
				}
				r.Cancel(nil)
				if _, err := r.Wait(context.WithoutCancel(ctx)); err == nil {
					return fmt.Errorf("a run that was to wait for a %s has ended", w.name)
				}
			}
			return nil
		})
}

// parked is what a run takes that was started and waits, with every optimisation. One that waits for a person is paused.
func (w waiting) parked(ctx context.Context) (bytes, goroutines float64, err error) {
	return w.started(ctx, resting, w.rests, nil)
}

// standing is what such a run takes without optimisations: it stands still in a goroutine, also where it waits for a person.
func (w waiting) standing(ctx context.Context) (bytes, goroutines float64, err error) {
	return w.started(ctx, flight, false, all(), weir.Answers(func(ctx context.Context, _ weir.Request) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}))
}

// inflight is what a run takes that is blocked in its fifth step, and what a parked goroutine does, of n each.
func inflight(ctx context.Context, n int) (ours, ref, goroutines float64, err error) {
	at, gate := make(arrivals, n), make(chan struct{})
	steps := make([]weir.Step[int, int], 10)
	for i := range steps {
		steps[i] = weir.Func(fmt.Sprintf("s%d", i), increment)
	}
	steps[4] = weir.Func("wait", func(_ context.Context, v int) (int, error) {
		at <- struct{}{}
		<-gate
		return v + 1, nil
	})
	p, err := weir.Compile(weir.Chain("seq", steps...), nil)
	if err != nil {
		return 0, 0, 0, err
	}
	measure := func(f func()) (float64, float64, error) {
		gate = make(chan struct{})
		var running sync.WaitGroup
		return held(n,
			func(int) error { running.Go(f); return nil },
			func() error { return at.all(ctx, n) },
			func() error { close(gate); running.Wait(); return nil })
	}
	if ours, goroutines, err = measure(func() { _, _ = p.Run(ctx, 1) }); err != nil {
		return 0, 0, 0, err
	}
	ref, _, err = measure(func() { at <- struct{}{}; <-gate })
	return ours, ref, goroutines, err
}
