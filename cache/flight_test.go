package cache_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/weirflow/weir/cache"
)

// makers make flights that are found by a lock, and without one.
func makers() map[string]cache.FlightMaker {
	return map[string]cache.FlightMaker{"locked": cache.LockedFlights, "table": cache.NewFlightTable().Flights}
}

// onBoth tests the flights of each maker.
func onBoth(t *testing.T, test func(t *testing.T, f *cache.Flights)) {
	t.Parallel()
	for name, maker := range makers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { test(t, maker()) })
		})
	}
}

func TestOneLeadsAndTheOthersGetCopiesOfItsResult(t *testing.T) {
	onBoth(t, func(t *testing.T, f *cache.Flights) {
		lead, _, _, err := f.Join(t.Context(), "k")
		if lead == nil || err != nil {
			t.Fatal("the first does not lead")
		}
		var got atomic.Int64
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				l, e, ok, err := f.Join(t.Context(), "k")
				if l != nil || !ok || err != nil {
					t.Errorf("lead %v, ok %v, error %v", l, ok, err)
					return
				}
				list := e.Output.([]int)
				got.Add(int64(list[0]))
				list[0] = 99
			})
		}
		other, _, _, _ := f.Join(t.Context(), "other")
		if other == nil {
			t.Error("another key has the same leader")
		}
		synctest.Wait()
		out := []int{1}
		lead.End(&cache.Entry{Output: out}, false)
		out[0] = 99
		lead.End(nil, false) // only the first call counts
		wg.Wait()
		if got.Load() != 10 {
			t.Errorf("sum %d, want 10", got.Load())
		}
		if next, _, _, _ := f.Join(t.Context(), "k"); next == nil {
			t.Error("who comes later does not lead")
		}
	})
}

func TestTheOnlyOneWhoWaitsGetsTheResult(t *testing.T) {
	onBoth(t, func(t *testing.T, f *cache.Flights) {
		lead, _, _, _ := f.Join(t.Context(), "k")
		var wg sync.WaitGroup
		wg.Go(func() {
			if l, e, ok, err := f.Join(t.Context(), "k"); l != nil || e.Output != 1 || !ok || err != nil {
				t.Errorf("lead %v, output %v, ok %v, error %v", l, e.Output, ok, err)
			}
		})
		synctest.Wait()
		lead.End(&cache.Entry{Output: 1}, false)
		wg.Wait()
	})
}

func TestWithoutAResultThoseWhoWaitAreLeftToThemselves(t *testing.T) {
	onBoth(t, func(t *testing.T, f *cache.Flights) {
		for name, e := range map[string]*cache.Entry{"none": nil, "one that cannot be copied": {Output: make(chan int)}} {
			lead, _, _, _ := f.Join(t.Context(), "k")
			var wg sync.WaitGroup
			for range 5 {
				wg.Go(func() {
					if l, _, ok, err := f.Join(t.Context(), "k"); l != nil || ok || err != nil {
						t.Errorf("%s: lead %v, ok %v, error %v", name, l, ok, err)
					}
				})
			}
			synctest.Wait()
			lead.End(e, false)
			wg.Wait()
		}
	})
}

func TestAfterACancelledLeaderAnotherLeads(t *testing.T) {
	onBoth(t, func(t *testing.T, f *cache.Flights) {
		lead, _, _, _ := f.Join(t.Context(), "k")
		var led, served atomic.Int64
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				l, e, ok, err := f.Join(t.Context(), "k")
				switch {
				case err != nil:
					t.Error(err)
				case l != nil:
					led.Add(1)
					l.End(&cache.Entry{Output: 7}, false)
				case ok && e.Output == 7:
					served.Add(1)
				}
			})
		}
		synctest.Wait()
		lead.End(nil, true)
		wg.Wait()
		if led.Load() < 1 || led.Load()+served.Load() != 5 {
			t.Errorf("%d led, %d were served", led.Load(), served.Load())
		}
	})
}

func TestWhoWaitsEndsWithItsOwnContext(t *testing.T) {
	onBoth(t, func(t *testing.T, f *cache.Flights) {
		lead, _, _, _ := f.Join(t.Context(), "k")
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, _, _, err := f.Join(ctx, "k")
			done <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-done; err != context.Canceled {
			t.Errorf("error %v", err)
		}
		lead.End(nil, false)
	})
}

func TestALateLeaderKnowsThatAnotherFlightHasEnded(t *testing.T) {
	onBoth(t, func(t *testing.T, f *cache.Flights) {
		seen := f.Seen()
		first, _, _, _ := f.Join(t.Context(), "k")
		first.End(nil, false)
		if late, _, _, _ := f.Join(t.Context(), "k"); first.Late(seen) || !late.Late(seen) {
			t.Error("the first is late, or the second is not")
		}
		var nobody *cache.Lead
		nobody.End(nil, false)
	})
}

func TestAKeyHasOneLeaderHoweverManyAsk(t *testing.T) {
	t.Parallel()
	for name, maker := range makers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			places := [2]*cache.Flights{maker(), maker()}
			var leaders, led [2][4]atomic.Int64
			var wg sync.WaitGroup
			for g := range 8 {
				wg.Go(func() {
					for i := range 3000 {
						place, key := (g+i)%2, i%4
						lead, e, ok, err := places[place].Join(t.Context(), string(rune('a'+key)))
						if lead == nil {
							if err != nil || !ok || e.Output != key {
								t.Errorf("it got %v, %t, %v", e.Output, ok, err)
							}
							continue
						}
						if n := leaders[place][key].Add(1); n != 1 {
							t.Errorf("%d leaders at a time", n)
						}
						led[place][key].Add(1)
						if i%3 == 0 {
							runtime.Gosched() // so that others come
						}
						leaders[place][key].Add(-1)
						lead.End(&cache.Entry{Output: key}, false)
					}
				})
			}
			wg.Wait()
			for place, f := range places {
				var sum int64
				for key := range led[place] {
					sum += led[place][key].Load()
				}
				if int64(f.Seen()) != sum || sum == 0 {
					t.Errorf("%d flights ended, %d leaders ended theirs", f.Seen(), sum)
				}
			}
		})
	}
}
