package bench

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/weirflow/weir"
)

const (
	// few and many are how many runs are in flight.
	few, many = 1_000, 10_000
	// loadTime is how long they run in a turn.
	loadTime = 150 * time.Millisecond
	// loadRounds is how many rounds there are at most: of a hundred runs in a turn each has one among its slowest, so that few tell much.
	loadRounds = 15
	// within is how far apart many and few may lie.
	within = 0.10
)

// measureLoad compares the runs a second, and how long a run takes beyond what it waits for others, of 10,000 in flight with 1,000. Plain goroutines that do
// the same show what Go's scheduler, the stacks and the caches of the machine have to do with it.
func measureLoad(ctx context.Context, o Options, r *Report) error {
	var rate, tail [2]trend // of weir, of plain Go
	begin := time.Now()
	for round := 0; round < min(o.Rounds, loadRounds) && (round == 0 || o.Limit == 0 || time.Since(begin) < o.Limit); round++ {
		var got [2][2]riding
		for i := range 4 {
			which := (i + round) % 4
			plain, width := which/2, [2]int{few, many}[which%2]
			run, err := [2]func(context.Context, int) (func(int, func()) error, error){ridden, walked}[plain](ctx, width)
			if err != nil {
				return fmt.Errorf("bench: %s: %w", burden, err)
			}
			if got[plain][which%2], err = ride(ctx, width, loadTime, run); err != nil {
				return fmt.Errorf("bench: %s: %d in flight: %w", burden, width, err)
			}
		}
		for i, g := range got {
			rate[i].add(g[0].rate, g[1].rate, g[1].rate/g[0].rate)
			tail[i].add(g[0].p99, g[1].p99, ratio(g[1].p99, g[0].p99))
		}
	}
	r.Scale = append(r.Scale,
		growth(rate[0], rate[1], Growth{Workload: burden, Metric: MetricThroughput, Unit: "runs/s", At: many, Least: 1 - within}),
		growth(tail[0], tail[1], Growth{Workload: burden, Metric: MetricP99, Unit: "ns/run", At: many, Most: 1 + within}))
	return nil
}

const (
	// fifth is the step, of ten, that waits.
	fifth = 4
	// boxed is added to the numbers that runs are given: Go does not allocate those below 256, of which the few would have more.
	boxed = 1000
)

// ridden gives runs of a plan of ten steps, of which one passes the turnstile.
func ridden(ctx context.Context, width int) (func(index int, pass func()) error, error) {
	passes := make([]func(), width)
	steps := make([]weir.Step[int, int], 10)
	for i := range steps {
		steps[i] = weir.Func("s"+strconv.Itoa(i), increment)
	}
	steps[fifth] = weir.Func("wait", func(_ context.Context, n int) (int, error) {
		passes[n-fifth-boxed]()
		return n + 1, nil
	})
	p, err := weir.Compile(weir.Chain("seq", steps...), nil)
	if err != nil {
		return nil, err
	}
	return func(index int, pass func()) error {
		passes[index] = pass
		if got, err := p.Run(ctx, index+boxed); err != nil || got != index+boxed+10 {
			return wrong(got, index+boxed+10, err)
		}
		return nil
	}, nil
}

// walked gives the same in plain Go: ten calls through an interface value.
func walked(ctx context.Context, _ int) (func(index int, pass func()) error, error) {
	var step adder = one{}
	return func(index int, pass func()) error {
		n := index
		for i := range 10 {
			if i == fifth {
				pass()
			}
			var err error
			if n, err = step.add(ctx, n); err != nil {
				return err
			}
		}
		if n != index+10 {
			return wrong(n, index+10, nil)
		}
		return nil
	}, nil
}
