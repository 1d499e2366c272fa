package limit_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir/layer/limit"
)

// twins are the implementations that must behave alike.
var twins = map[string]func(n int) limit.Limiter{
	"limit":   func(n int) limit.Limiter { return limit.New(n) },
	"channel": limit.Channel,
}

// both runs a test of what holds for both twins, in a bubble of its own.
func both(t *testing.T, test func(t *testing.T, make func(n int) limit.Limiter)) {
	t.Helper()
	for name, make := range twins {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { test(t, make) })
		})
	}
}

func acquire(t *testing.T, l limit.Limiter) {
	t.Helper()
	if err := l.Acquire(t.Context()); err != nil {
		t.Fatalf("acquire: %v", err)
	}
}

// refused fails the test when a permit is free.
func refused(t *testing.T, l limit.Limiter) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := l.Acquire(ctx); err == nil {
		t.Error("a permit was free; want none")
		l.Release()
	}
}

func TestThereAreAsManyPermitsAsSaid(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, make func(int) limit.Limiter) {
		l := make(3)
		for round := range 3 {
			for range 3 {
				acquire(t, l)
			}
			refused(t, l)
			if round == 1 { // one more or less than all
				l.Release()
				acquire(t, l)
				refused(t, l)
			}
			for range 3 {
				l.Release()
			}
		}
	})
}

func TestThoseWhoWaitAreServedInOrder(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, make func(int) limit.Limiter) {
		l := make(1)
		acquire(t, l)
		var order []int // by who holds the permit
		for i := range 5 {
			go func() {
				acquire(t, l)
				order = append(order, i)
				<-time.After(time.Second)
				l.Release()
			}()
			synctest.Wait()
		}
		l.Release()
		acquire(t, l) // behind all five
		if !slices.Equal(order, []int{0, 1, 2, 3, 4}) {
			t.Errorf("served in order %v", order)
		}
	})
}

func TestAWaitEndsWithItsContextAndLosesNoPermit(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, make func(int) limit.Limiter) {
		l := make(1)
		acquire(t, l)
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		first, second := error(nil), errors.New("still waiting")
		go func() { first = l.Acquire(ctx) }()
		synctest.Wait()
		go func() { second = l.Acquire(t.Context()) }()
		synctest.Wait()
		cancel(gone)
		synctest.Wait()
		if !errors.Is(first, gone) {
			t.Errorf("the wait ended with %v, want the cause of its context", first)
		}
		l.Release()
		synctest.Wait()
		if second != nil {
			t.Fatalf("the one behind it: %v", second)
		}
		refused(t, l)
		l.Release()
		acquire(t, l)
	})
}

func TestNoPermitsAtAllWaitsUntilTheContextEnds(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, make func(int) limit.Limiter) {
		for _, n := range []int{0, -3} {
			refused(t, make(n))
		}
	})
}

// The state between two lines of Acquire and Release is met only by real goroutines: many takers, some of whom give up.
func TestManyTakersNeverHoldMoreThanThereAreAndLoseNone(t *testing.T) {
	t.Parallel()
	for name, make := range twins {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const permits, takers, rounds = 3, 16, 400
			l := make(permits)
			var held atomic.Int64
			var over atomic.Bool
			var wg sync.WaitGroup
			for range takers {
				wg.Go(func() {
					for range rounds {
						ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(20))*time.Microsecond)
						if l.Acquire(ctx) == nil {
							if held.Add(1) > permits {
								over.Store(true)
							}
							for range rand.IntN(200) {
								_ = ctx.Err()
							}
							held.Add(-1)
							l.Release()
						}
						cancel()
					}
				})
			}
			wg.Wait()
			if over.Load() {
				t.Errorf("more than %d permits were held at once", permits)
			}
			for range permits { // all are there again
				acquire(t, l)
			}
		})
	}
}

func BenchmarkUncontended(b *testing.B) {
	for name, make := range twins {
		b.Run(name, func(b *testing.B) {
			l, ctx := make(1), b.Context()
			b.ReportAllocs()
			for b.Loop() {
				_ = l.Acquire(ctx)
				l.Release()
			}
		})
	}
}

func BenchmarkContended(b *testing.B) {
	for name, make := range twins {
		b.Run(name, func(b *testing.B) {
			l, ctx := make(1), b.Context()
			b.ReportAllocs()
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_ = l.Acquire(ctx)
					l.Release()
				}
			})
		})
	}
}
