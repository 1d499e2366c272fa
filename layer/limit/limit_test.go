package limit_test

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/weirflow/weir/layer/limit"
)

func TestALargerSizeServesThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := limit.New(1)
		acquire(t, l)
		var served atomic.Int64
		for range 3 {
			go func() {
				acquire(t, l)
				served.Add(1)
			}()
			synctest.Wait()
		}
		for _, step := range []struct {
			size   int
			served int64
		}{{2, 1}, {5, 3}} {
			if err := l.SetSize(step.size); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if served.Load() != step.served || l.Size() != step.size {
				t.Errorf("size %d: %d served, want %d", l.Size(), served.Load(), step.served)
			}
		}
		acquire(t, l) // 1 + 3 of 5 are held
		refused(t, l)
	})
}

func TestASmallerSizeRevokesNothingAndIsReachedAsPermitsComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := limit.New(5)
		for range 4 {
			acquire(t, l)
		}
		if err := l.SetSize(2); err != nil {
			t.Fatal(err)
		}
		if l.InUse() != 4 {
			t.Errorf("%d in use, want the 4 that were held", l.InUse())
		}
		for range 2 {
			refused(t, l)
			l.Release()
		}
		refused(t, l) // two are held, of two
		l.Release()
		acquire(t, l)
		refused(t, l)
		if l.InUse() != 2 || l.Size() != 2 {
			t.Errorf("%d of %d in use, want 2 of 2", l.InUse(), l.Size())
		}
	})
}

func TestASmallerSizeComesBeforeThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := limit.New(2)
		acquire(t, l)
		acquire(t, l)
		served := false
		go func() {
			acquire(t, l)
			served = true
		}()
		synctest.Wait()
		if err := l.SetSize(1); err != nil {
			t.Fatal(err)
		}
		l.Release() // one held, of one
		synctest.Wait()
		if served {
			t.Error("served although the limit is full")
		}
		l.Release()
		synctest.Wait()
		if !served {
			t.Error("not served although a permit came back")
		}
	})
}

func TestAnImpossibleSizeIsRefusedAndTheOldOneStays(t *testing.T) {
	t.Parallel()
	l := limit.New(2)
	for _, n := range []int{0, -1, math.MaxInt32 + 1} {
		if err := l.SetSize(n); err == nil || l.Size() != 2 {
			t.Errorf("SetSize(%d): error %v, size %d; want an error and 2", n, err, l.Size())
		}
	}
}

func TestTheZeroLimitHasNoPermitsUntilItGetsSome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l limit.Limit
		refused(t, &l)
		if err := l.SetSize(1); err != nil {
			t.Fatal(err)
		}
		acquire(t, &l)
		refused(t, &l)
	})
}

func TestChangingSizesUnderLoadLosesNothing(t *testing.T) {
	t.Parallel()
	const most, takers, rounds = 8, 12, 500
	l := limit.New(most)
	var held atomic.Int64
	var over atomic.Bool
	var wg sync.WaitGroup
	for range takers {
		wg.Go(func() {
			for range rounds {
				ctx, cancel := context.WithCancel(t.Context())
				if rand.IntN(4) == 0 {
					go cancel()
				}
				if l.Acquire(ctx) == nil {
					if held.Add(1) > most {
						over.Store(true)
					}
					held.Add(-1)
					l.Release()
				}
				cancel()
			}
		})
	}
	wg.Go(func() {
		for range rounds {
			if err := l.SetSize(1 + rand.IntN(most)); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	if over.Load() {
		t.Errorf("more than %d permits were held at once", most)
	}
	if err := l.SetSize(3); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		acquire(t, l)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if l.Acquire(ctx) == nil {
		t.Error("a fourth permit of three")
	}
	if l.InUse() != 3 {
		t.Errorf("%d in use, want 3", l.InUse())
	}
}
