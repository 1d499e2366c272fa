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

// measureSpeedup compares the runs a second of seq10 on every core with those on one, and the same for the loop of plain calls: a machine whose
// cores are shared, or slower when all work, has no more to give to either.
func measureSpeedup(ctx context.Context, o Options, r *Report) error {
	w, err := seq10().setup(ctx, nil)
	if err != nil {
		return fmt.Errorf("bench: %s: %w", speedup, err)
	}
	defer w.end()
	cores := runtime.GOMAXPROCS(0)
	var sides [4]*side // weir on one and on every core, plain Go on one and on every core
	for i, run := range []func(int) error{w.run, calls(ctx, 10)} {
		one := &side{run: run, n: 1}
		if err := one.calibrate(ctx, spans*o.Window); err != nil {
			return fmt.Errorf("bench: %s: %w", speedup, err)
		}
		every := &side{run: func(n int) error { return spread(n, run) }, n: one.n * cores}
		sides[2*i], sides[2*i+1] = one, every
	}
	var ours, plain trend
	begin := time.Now()
	for round := 0; round < o.Rounds && (round == 0 || o.Limit == 0 || time.Since(begin) < o.Limit); round++ {
		var rate [4]float64
		for i := range sides {
			which := (i + round) % len(sides)
			turn, err := sides[which].turn(ctx)
			if err != nil {
				return fmt.Errorf("bench: %s: %w", speedup, err)
			}
			rate[which] = 1e9 / turn.wall
		}
		n := float64(cores)
		ours.add(n*rate[0], rate[1], rate[1]/(n*rate[0]))
		plain.add(n*rate[2], rate[3], rate[3]/(n*rate[2]))
	}
	r.Scale = append(r.Scale, growth(ours, plain, Growth{Workload: speedup, Metric: MetricThroughput, Unit: "runs/s", At: cores, Least: efficiency}))
	return nil
}
