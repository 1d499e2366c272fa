package cache_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	backends "github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/layer/cache"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/usage"
)

// slow makes a step that takes a second and ends as f says.
func slow(f func(ctx context.Context, call int64) ([]int, error)) (weir.Step[string, []int], *atomic.Int64) {
	calls := new(atomic.Int64)
	return weir.Func("slow", func(ctx context.Context, _ string) ([]int, error) {
		n := calls.Add(1)
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if err := usage.Report(ctx, usage.Usage{Requests: 1}); err != nil {
			return nil, err
		}
		return f(ctx, n)
	}), calls
}

func one(context.Context, int64) ([]int, error) { return []int{1}, nil }

func TestB139_OfFiftyCallsAtTheSameTimeOneRuns(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]backends.Backend{"default": nil, "none": backends.Nop{}} {
		synctest.Test(t, func(t *testing.T) {
			step, calls := slow(one)
			meter := &usage.Totals{}
			p := compile(t, step.With(cache.For(time.Hour)), &weir.Config{Cache: b, Meter: meter})
			var wg sync.WaitGroup
			var hits atomic.Int64
			for range 50 {
				wg.Go(func() {
					r, err := p.Execute(t.Context(), "a")
					if err != nil || len(r.Output) != 1 || r.Output[0] != 1 {
						t.Errorf("output %v, error %v", r.Output, err)
						return
					}
					r.Output[0] = 99 // everybody's own
					if s, _ := r.Step("slow"); s.Note("cache_hit") == true {
						hits.Add(1)
					}
				})
			}
			wg.Wait()
			if calls.Load() != 1 || hits.Load() != 49 || meter.Total().Requests != 1 {
				t.Errorf("%s: %d calls, %d hits, %v used", name, calls.Load(), hits.Load(), meter.Total())
			}
		})
	}
}

func TestB139_ItemsOfOneRunWaitForEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, calls := slow(one)
		p := compile(t, each.Item("all", step.With(cache.For(time.Hour)), each.Width(10)), nil)
		in := make([]string, 50)
		out, err := p.Run(t.Context(), in)
		if err != nil || len(out) != 50 || calls.Load() != 1 {
			t.Errorf("%d outputs, error %v, %d calls", len(out), err, calls.Load())
		}
	})
}

func TestAFailingLeaderLeavesTheOthersToThemselves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, calls := slow(func(_ context.Context, call int64) ([]int, error) {
			switch call {
			case 1:
				return nil, errBoom
			case 2:
				panic("kaput")
			}
			return []int{1}, nil
		})
		p := compile(t, step.With(cache.For(time.Hour)), nil)
		var wg sync.WaitGroup
		var failed atomic.Int64
		start := time.Now()
		for range 10 {
			wg.Go(func() {
				if _, err := p.Run(t.Context(), "a"); err != nil {
					failed.Add(1)
				}
			})
		}
		wg.Wait()
		// The nine others run at the same time; one of them panics, which is its own failure.
		if calls.Load() != 10 || failed.Load() != 2 || time.Since(start) != 2*time.Second {
			t.Errorf("%d calls, %d failures, after %v", calls.Load(), failed.Load(), time.Since(start))
		}
		if _, err := p.Run(t.Context(), "a"); err != nil || calls.Load() != 10 {
			t.Errorf("a success of those was not kept: %v", err)
		}
	})
}

func TestAPanickingLeaderLetsTheOthersGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, calls := slow(func(_ context.Context, call int64) ([]int, error) {
			if call == 1 {
				panic("kaput")
			}
			return []int{1}, nil
		})
		p := compile(t, step.With(cache.For(time.Hour)), nil)
		var wg sync.WaitGroup
		var panics atomic.Int64
		for range 3 {
			wg.Go(func() {
				if _, err := p.Run(t.Context(), "a"); plan.CodeOf(err) == plan.CodePanic {
					panics.Add(1)
				}
			})
		}
		wg.Wait()
		if panics.Load() != 1 || calls.Load() != 3 {
			t.Errorf("%d panics, %d calls", panics.Load(), calls.Load())
		}
	})
}

func TestACancelledLeaderFailsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, calls := slow(one)
		p := compile(t, step.With(cache.For(time.Hour)), nil)
		leading, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := p.Run(leading, "a"); !errors.Is(err, plan.ErrCanceled) {
				t.Errorf("the leader's error is %v", err)
			}
		})
		synctest.Wait()
		for range 9 {
			wg.Go(func() {
				if out, err := p.Run(t.Context(), "a"); err != nil || len(out) != 1 {
					t.Errorf("output %v, error %v", out, err)
				}
			})
		}
		synctest.Wait()
		cancel()
		wg.Wait()
		if calls.Load() != 2 {
			t.Errorf("%d calls, want that of the leader and of one more", calls.Load())
		}
	})
}

func TestWhoWaitsCanBeCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, calls := slow(one)
		p := compile(t, step.With(cache.For(time.Hour)), nil)
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := p.Run(t.Context(), "a"); err != nil {
				t.Errorf("the leader: %v", err)
			}
		})
		synctest.Wait()
		waiting, cancel := context.WithCancel(t.Context())
		wg.Go(func() {
			if _, err := p.Run(waiting, "a"); !errors.Is(err, plan.ErrCanceled) {
				t.Errorf("who was cancelled: %v", err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		if calls.Load() != 1 {
			t.Errorf("%d calls", calls.Load())
		}
	})
}

func TestATimeoutRoundTheLayerIsAnOrdinaryFailureOfWhoWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, _ := slow(one)
		p := compile(t, step.With(timeout.After(1500*time.Millisecond), cache.For(time.Hour)), nil)
		var wg sync.WaitGroup
		start := time.Now()
		begin := func(wait time.Duration, in string) {
			wg.Go(func() {
				<-time.After(wait)
				if _, err := p.Run(t.Context(), in); err != nil {
					t.Errorf("after %v: %v", wait, err)
				}
			})
		}
		begin(0, "a")
		begin(900*time.Millisecond, "a")
		wg.Wait()
		if time.Since(start) != time.Second {
			t.Errorf("took %v", time.Since(start))
		}
		impatient := compile(t, weir.Func("slow", func(ctx context.Context, s string) ([]int, error) {
			if s == "leads" {
				<-time.After(10 * time.Second)
				return []int{1}, nil
			}
			return nil, errBoom
		}).With(timeout.After(time.Second), cache.For(time.Hour, cache.Key(func(context.Context, string) (any, error) { return 1, nil }))), nil)
		wg.Go(func() { _, _ = impatient.Run(t.Context(), "leads") })
		synctest.Wait()
		if _, err := impatient.Run(t.Context(), "waits"); !errors.Is(err, plan.ErrTimeout) || plan.Final(err) {
			t.Errorf("error %v, want the timeout", err)
		}
		wg.Wait()
	})
}

// late is a backend whose second answer comes late.
type late struct {
	backend
	asked atomic.Int64
	until chan struct{}
}

func (l *late) Get(ctx context.Context, key string) (backends.Entry, bool, error) {
	e, ok, err := l.backend.Get(ctx, key)
	if l.asked.Add(1) == 2 {
		<-l.until
	}
	return e, ok, err
}

func TestWhoFoundNothingBeforeALeaderEndedLooksAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, calls := slow(one)
		b := &late{until: make(chan struct{})}
		p := compile(t, step.With(cache.For(time.Hour, cache.In(b))), nil)
		run := func() {
			if out, err := p.Run(t.Context(), "a"); len(out) != 1 || err != nil {
				t.Errorf("output %v, error %v", out, err)
			}
		}
		var wg sync.WaitGroup
		wg.Go(run)
		synctest.Wait() // the first works
		wg.Go(run)
		synctest.Wait() // the second has found nothing, and does not know it yet
		<-time.After(2 * time.Second)
		close(b.until)
		wg.Wait()
		if calls.Load() != 1 || b.asked.Load() != 3 {
			t.Errorf("%d calls, asked %d times", calls.Load(), b.asked.Load())
		}
	})
}
