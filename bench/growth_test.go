package bench

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestAGrowthIsMetWithinItsBounds(t *testing.T) {
	t.Parallel()
	var ours, plain trend
	for _, r := range []float64{0.8, 0.9, 1.0} {
		ours.add(10, 10*r, r)
		plain.add(100, 95, 0.95)
	}
	for _, c := range []struct {
		least, most float64
		met         bool
	}{{0.85, 0, true}, {0.95, 0, false}, {0, 1.1, true}, {0, 0.85, false}, {0.8, 1.1, true}, {0, 0, true}} {
		g := growth(ours, plain, Growth{Least: c.least, Most: c.most})
		if g.Met != c.met || g.Ratio != 0.9 || g.From != 10 || g.To != 9 || g.Low != 0.8 || g.High != 1 || g.RefRatio != 0.95 || g.Rounds != 3 {
			t.Errorf("from %v to %v: %+v", c.least, c.most, g)
		}
	}
}

func TestTheSectionScaleMeasuresWithWeirAndWithPlainGo(t *testing.T) {
	// Not parallel: it needs the cores.
	r := suite(t, quick(Config{Sections: []Section{Scale}, Workloads: []string{"speedup", "load", "blocked", "contention"}, Budget: 20 * time.Second}))
	var got []string
	for _, g := range r.Scale {
		got = append(got, strings.TrimSpace(g.Workload+" "+string(g.Metric)+" "+strings.TrimPrefix(g.Beside, "one ")))
		for _, v := range []float64{g.From, g.To, g.Ratio, g.RefFrom, g.RefTo, g.RefRatio} {
			if v <= 0 || math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%+v", g)
			}
		}
	}
	if want := []string{"speedup throughput core", "speedup throughput goroutine", "load throughput", "load p99", "load throughput without park", "load p99 without park", "blocked throughput", "blocked p99"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if r.Scale[0].At != runtime.GOMAXPROCS(0) || r.Scale[2].At != many || r.Scale[0].Least != 0.85 || r.Scale[3].Most != 1.1 || r.Scale[4].Least != 0 || r.Scale[6].Least != 0.9 || r.Scale[7].At != many {
		t.Errorf("%+v", r.Scale)
	}
	if c := r.Contention; c == nil || c.Runs == 0 || c.InFlight != 256 || c.Most != 0.02 {
		t.Errorf("%+v", c)
	}
}

// The memory of a process is its own only when nothing else runs in it, so this test is not parallel.
func TestFootprintsAreOfEachCrowdBesideTheSmallest(t *testing.T) {
	r := &Report{}
	if err := measureFootprint(t.Context(), []int{200, 2000}, Options{Rounds: 3}, r); err != nil {
		t.Fatal(err)
	}
	if len(r.Scale) != 2 || r.Scale[0].At != 200 || r.Scale[0].Ratio != 1 || r.Scale[0].Most != 0 || r.Scale[1].At != 2000 || r.Scale[1].Most == 0 {
		t.Fatalf("%+v", r.Scale)
	}
	if g := r.Scale[1]; g.To < 1000 || g.From != r.Scale[0].To || g.RefTo > g.To || g.Rounds != 3 {
		t.Errorf("%+v", g)
	}
}

func TestThoseWhoRideTogetherWaitForEachOther(t *testing.T) {
	t.Parallel()
	var in, most atomic.Int64
	got, err := ride(t.Context(), 300, 20*time.Millisecond, func(_ int, pass func()) error {
		n := in.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			continue
		}
		pass()
		in.Add(-1)
		return nil
	})
	if err != nil || got.rate <= 0 || got.p99 <= 0 || most.Load() < 250 {
		t.Errorf("%+v, %v, %d in flight", got, err, most.Load())
	}
	if got.p99 > float64(10*time.Second) {
		t.Errorf("the time that a run waits for its turn counts: %v", time.Duration(got.p99))
	}
}

func TestARideEndsWithAFailureOrItsContext(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	if _, err := ride(t.Context(), 50, time.Hour, func(i int, pass func()) error {
		pass()
		if i == 7 {
			return boom
		}
		return nil
	}); !errors.Is(err, boom) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(10*time.Millisecond, func() { cancel(boom) })
	if _, err := ride(ctx, 50, time.Hour, func(_ int, pass func()) error { pass(); return nil }); !errors.Is(err, boom) {
		t.Errorf("%v", err)
	}
}

func TestThoseWhoQueueAreAllInFlightAndTakeTurns(t *testing.T) {
	t.Parallel()
	const width = 300
	for name, build := range map[string]func(context.Context, *queue) (gate, error){"weir": limited(), "without park": limited("park"), "plain": throttled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var q *queue
			got, err := queued(t.Context(), width, 20*time.Millisecond, func(ctx context.Context, made *queue) (gate, error) {
				q = made
				g, err := build(ctx, made)
				open := g.open
				g.open = func() {
					if live := made.live.Load(); live != width {
						t.Errorf("%d are there when the first goes on", live)
					}
					open()
				}
				return g, err
			})
			if err != nil || got.rate <= 0 || got.p99 <= 0 || q.ended.Load() < 2*width || q.live.Load() != 0 {
				t.Errorf("%+v, %v, %d ended, %d are left", got, err, q.ended.Load(), q.live.Load())
			}
			if got.p99 > float64(10*time.Second) {
				t.Errorf("the time that a run waits for its turn counts: %v", time.Duration(got.p99))
			}
		})
	}
}

func TestAQueueEndsWithAWrongAnswerItsContextOrAFailure(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for name, spoil := range map[string]func(q *queue, g gate, cancel func()) gate{
		"out of range": func(q *queue, g gate, _ func()) gate {
			return gate{func(int) error { go func() { _ = q.ends(700) }(); return nil }, g.shut, g.open}
		},
		"another's": func(q *queue, g gate, _ func()) gate {
			return gate{func(int) error { go func() { _ = q.ends(0) }(); return nil }, g.shut, g.open}
		},
		"context": func(_ *queue, g gate, cancel func()) gate {
			return gate{func(i int) error { cancel(); return g.begin(i) }, g.shut, g.open}
		},
		"no start": func(_ *queue, g gate, _ func()) gate { return gate{func(int) error { return boom }, g.shut, g.open} },
		"no gate":  func(_ *queue, g gate, _ func()) gate { return gate{g.begin, func() error { return boom }, g.open} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			if _, err := queued(ctx, 50, time.Hour, func(ctx context.Context, q *queue) (gate, error) {
				g, err := throttled(ctx, q)
				return spoil(q, g, func() { cancel(boom) }), err
			}); err == nil || !errors.Is(err, boom) && !strings.Contains(err.Error(), "answered 700") && !errors.Is(err, errMixed) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAMillionRunsNeedTheMemory(t *testing.T) {
	t.Parallel()
	if err := room(largest, 2<<30, true); err == nil || err.Error() != "bench: 1000000 runs at a time take up to 5.7 GB, and 2.0 are free: leave out Large" {
		t.Errorf("%v", err)
	}
	if err := errors.Join(room(largest, 8<<30, true), room(largest, 0, false)); err != nil {
		t.Error(err)
	}
	for text, want := range map[string]int64{
		"MemTotal:       24676640 kB\nMemAvailable:    1024 kB\n": 1 << 20, "MemFree: 3 kB\n": -1, "MemAvailable: -5 kB\n": -1, "MemAvailable: 99999999999999999999 kB": -1, "": -1,
	} {
		if got := available(text); got != want {
			t.Errorf("%q: %d", text, got)
		}
	}
	for _, c := range []struct {
		limit, current string
		want           int64
	}{{"max\n", "5\n", -1}, {"100\n", "40\n", 60}, {"100", "140", 0}, {"", "", -1}} {
		if got := below(c.limit, c.current); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	for _, c := range []struct {
		a, b, free int64
		known      bool
	}{{5, 3, 3, true}, {-1, 3, 3, true}, {5, -1, 5, true}, {-1, -1, -1, false}} {
		if free, known := smaller(c.a, c.b); free != c.free || known != c.known {
			t.Errorf("%+v: %d %t", c, free, known)
		}
	}
	if _, err := New(&Config{Large: true}); err == nil || !strings.Contains(err.Error(), "section scale") {
		t.Errorf("%v", err)
	}
}
