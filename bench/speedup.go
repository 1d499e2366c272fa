package bench

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// efficiency is what a core must do, as a part of what it does while the others have nothing to do.
const efficiency = 0.85

// spans is how many windows a turn of speedup has: to wake the other cores takes a part of it.
const spans = 5

// What the runs on every core are compared with: those of one goroutine in a process that has one core, and in one whose collector has the
// others to itself.
const (
	oneCore      = "one core"
	oneGoroutine = "one goroutine"
)

// measureSpeedup compares the runs a second of seq10 on every core with those on one, and the same for the loop of plain calls: a machine whose
// cores are shared, or slower when all work, has no more to give to either.
func measureSpeedup(ctx context.Context, o Options, r *Report) error {
	w, err := seq10().setup(ctx, nil)
	if err != nil {
		return fmt.Errorf("bench: %s: %w", speedup, err)
	}
	defer w.end()
	var turns []func() (rate float64, err error) // weir on one core, by one goroutine and on every core, and plain Go
	for _, run := range []func(int) error{w.run, calls(ctx, 10)} {
		three, err := speeds(ctx, run, spans*o.Window)
		if err != nil {
			return fmt.Errorf("bench: %s: %w", speedup, err)
		}
		turns = append(turns, three...)
	}
	n := float64(runtime.GOMAXPROCS(0))
	var found [2][2]trend // beside one core and beside one goroutine, each of weir and of plain Go
	begin := time.Now()
	for round := 0; round < o.Rounds && (round == 0 || o.Limit == 0 || time.Since(begin) < o.Limit); round++ {
		var rate [6]float64
		for i := range turns {
			which := (i + round) % len(turns)
			if rate[which], err = turns[which](); err != nil {
				return fmt.Errorf("bench: %s: %w", speedup, err)
			}
		}
		for beside := range found {
			for of := range found[beside] {
				one, every := n*rate[3*of+beside], rate[3*of+2]
				found[beside][of].add(one, every, every/one)
			}
		}
	}
	for i, beside := range []string{oneCore, oneGoroutine} {
		r.Scale = append(r.Scale, growth(found[i][0], found[i][1], Growth{
			Workload: speedup, Metric: MetricThroughput, Unit: "runs/s", At: runtime.GOMAXPROCS(0), Beside: beside, Least: efficiency,
		}))
	}
	return nil
}

// speeds gives turns that tell the rate of a work on one core, by one goroutine, and on every core.
func speeds(ctx context.Context, run func(int) error, window time.Duration) ([]func() (float64, error), error) {
	one := &side{run: run, n: 1}
	if err := one.calibrate(ctx, window); err != nil {
		return nil, err
	}
	every := &side{run: func(n int) error { return spread(n, run) }, n: one.n * runtime.GOMAXPROCS(0)}
	turn := func(s *side) (float64, error) {
		t, err := s.turn(ctx)
		return 1e9 / max(t.wall, 1e-9), err
	}
	return []func() (float64, error){
		func() (float64, error) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			return turn(one)
		},
		func() (float64, error) { return turn(one) },
		func() (float64, error) { return turn(every) },
	}, nil
}
