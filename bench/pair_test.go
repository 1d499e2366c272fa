package bench

import (
	"context"
	"errors"
	"testing"
	"time"
)

// spin uses CPU time.
func spin(d time.Duration) func(int) error {
	return func(n int) error {
		for range n {
			for begun := time.Now(); time.Since(begun) < d; {
				continue
			}
		}
		return nil
	}
}

// wait lets time pass on the clock and uses no CPU. What is tested here is the clock, so it cannot be that of a bubble.
func wait(d time.Duration) { <-time.After(d) }

func TestAPairTellsWhichIsSlower(t *testing.T) {
	t.Parallel()
	p, err := Pair(t.Context(), spin(20*time.Microsecond), spin(60*time.Microsecond), Options{Rounds: 9, Window: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	// The tests of this process run beside it, so only the direction is sure.
	if r := p.WallRatio(); p.Rounds != 9 || len(p.CPU) != 9 || len(p.Wall) != 9 || r.Median >= 1 || r.Low > r.Median || r.High < r.Median {
		t.Errorf("20 µs beside 60: %+v, %+v", r, p)
	}
}

func TestAPairStopsAtItsLimitAfterOneRoundAtTheLeast(t *testing.T) {
	t.Parallel()
	rounds := 0
	slow := func(int) error { rounds++; wait(10 * time.Millisecond); return nil }
	begun := time.Now()
	p, err := Pair(t.Context(), slow, slow, Options{Rounds: 1_000_000, Window: time.Millisecond, Limit: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); p.Rounds < 1 || took > 10*time.Second {
		t.Errorf("%d rounds in %v", p.Rounds, took)
	}
}

func TestWorkThatOnlyWaitsIsMeasuredToo(t *testing.T) {
	t.Parallel()
	waits := func(n int) error { wait(time.Duration(n) * time.Millisecond); return nil }
	p, err := Pair(t.Context(), waits, waits, Options{Rounds: 3, Window: 500 * time.Microsecond})
	if err != nil || p.Rounds != 3 || p.A.Wall < float64(time.Millisecond) {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestTheFailureOfAWorkEndsItsPair(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	fine := spin(time.Microsecond)
	if _, err := Pair(t.Context(), fine, func(int) error { return boom }, Options{}); !errors.Is(err, boom) {
		t.Errorf("it fails at once: %v", err)
	}
	calls := 0
	later := func(int) error {
		if calls++; calls > 30 {
			return boom
		}
		wait(100 * time.Microsecond)
		return nil
	}
	if _, err := Pair(t.Context(), later, fine, Options{Rounds: 100, Window: 200 * time.Microsecond}); !errors.Is(err, boom) {
		t.Errorf("it fails in a round: %v", err)
	}
}

func TestAPairEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	calls := 0
	work := func(int) error {
		if calls++; calls > 20 {
			cancel(cause)
		}
		wait(100 * time.Microsecond)
		return nil
	}
	if _, err := Pair(ctx, work, work, Options{Rounds: 1000, Window: 200 * time.Microsecond}); !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}
}

func TestMoreRoundsComeOnlyWhereTheIntervalIsWide(t *testing.T) {
	t.Parallel()
	steady := &Paired{CPU: []float64{1, 1, 1, 1, 1, 1, 1, 1}, Rounds: 8}
	loose := &Paired{CPU: []float64{1, 2, 1, 2, 1, 2, 1, 2}, Rounds: 8}
	if o := (Options{Rounds: 8, Most: 32}); steady.wants(o) || !loose.wants(o) {
		t.Error("after the rounds that were asked for only what is not known well goes on")
	}
	if o := (Options{Rounds: 9, Most: 32}); !steady.wants(o) {
		t.Error("the rounds that were asked for are made")
	}
	if o := (Options{Rounds: 4, Most: 8}); loose.wants(o) {
		t.Error("there are more than the most")
	}
}

func TestSidesThatAreMuchAlikeDoTheSameInATurn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, wantA, wantB int }{{128, 1024, 1024, 1024}, {64, 32, 64, 64}, {16, 4096, 16, 4096}} {
		sides := [2]*side{{n: c.a}, {n: c.b}}
		level(sides)
		if sides[0].n != c.wantA || sides[1].n != c.wantB {
			t.Errorf("%d and %d became %d and %d", c.a, c.b, sides[0].n, sides[1].n)
		}
	}
}

func TestATurnIsNoShorterThanTheWorkloadNeeds(t *testing.T) {
	t.Parallel()
	fewest := 1 << 30
	w := Workload{name: "mine", least: 40, setup: func(context.Context, []string) (*work, error) {
		return &work{run: func(n int) error { fewest = min(fewest, n); wait(time.Millisecond); return nil }}, nil
	}}
	if _, err := w.pair(t.Context(), nil, nil, Options{Rounds: 2, Window: time.Microsecond}); err != nil || fewest != 40 {
		t.Errorf("%d at a time, want 40; %v", fewest, err)
	}
}

func TestOneSlowTurnDoesNotMakeAWindowShort(t *testing.T) {
	t.Parallel()
	calls := 0
	s := &side{n: 1, run: func(n int) error {
		if calls++; calls == 1 {
			wait(20 * time.Millisecond) // somebody else's doing
		}
		return nil
	}}
	if err := s.calibrate(t.Context(), time.Millisecond); err != nil || s.n < 1000 {
		t.Errorf("%d times fill a millisecond, %v", s.n, err)
	}
}
