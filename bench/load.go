package bench

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/limit"
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

const (
	// fifth is the step, of ten, that waits.
	fifth = 4
	// boxed is added to the numbers that runs are given: Go does not allocate those below 256, of which the few would have more.
	boxed = 1000
)

// riders are something of which there may be many in flight: it has width of them for a time.
type riders func(ctx context.Context, width int) (riding, error)

// measureCrowds compares the runs a second, and how long a run takes beyond what it waits for others, of 10,000 in flight with 1,000. Plain goroutines
// that do the same show what Go's scheduler, the stacks and the caches of the machine have to do with it; dropped, which may be nil, are runs
// without an optimisation.
func measureCrowds(ctx context.Context, o Options, r *Report, name string, ours, plain, dropped riders) error {
	sides := []riders{ours, plain}
	if dropped != nil {
		sides = append(sides, dropped)
	}
	rate, tail := make([]trend, len(sides)), make([]trend, len(sides))
	begin := time.Now()
	for round := 0; round < min(o.Rounds, loadRounds) && (round == 0 || o.Limit == 0 || time.Since(begin) < o.Limit); round++ {
		got := make([][2]riding, len(sides))
		for i := range 2 * len(sides) {
			which := (i + round) % (2 * len(sides))
			width, err := [2]int{few, many}[which%2], error(nil)
			if got[which/2][which%2], err = sides[which/2](ctx, width); err != nil {
				return fmt.Errorf("bench: %s: %d in flight: %w", name, width, err)
			}
		}
		for i, g := range got {
			rate[i].add(g[0].rate, g[1].rate, g[1].rate/g[0].rate)
			tail[i].add(g[0].p99, g[1].p99, ratio(g[1].p99, g[0].p99))
		}
	}
	r.Scale = append(r.Scale,
		growth(rate[0], rate[1], Growth{Workload: name, Metric: MetricThroughput, Unit: "runs/s", At: many, Least: 1 - within}),
		growth(tail[0], tail[1], Growth{Workload: name, Metric: MetricP99, Unit: "ns/run", At: many, Most: 1 + within}))
	if dropped != nil {
		r.Scale = append(r.Scale,
			growth(rate[2], rate[1], Growth{Workload: name, Metric: MetricThroughput, Unit: "runs/s", At: many, Beside: standing}),
			growth(tail[2], tail[1], Growth{Workload: name, Metric: MetricP99, Unit: "ns/run", At: many, Beside: standing}))
	}
	return nil
}

// standing says of runs that they keep their goroutines while they wait.
const standing = "without park"

// measureLoad compares 10,000 runs that were started and wait for the permit of a limit with 1,000.
func measureLoad(ctx context.Context, o Options, r *Report) error {
	turn := func(build func(context.Context, *queue) (gate, error)) riders {
		return func(ctx context.Context, width int) (riding, error) { return queued(ctx, width, loadTime, build) }
	}
	return measureCrowds(ctx, o, r, burden, turn(limited()), turn(throttled), turn(limited("park")))
}

// limited has runs of a plan without some optimisations, of ten steps, of which the fifth needs a permit, and the last starts the next run.
func limited(without ...string) func(context.Context, *queue) (gate, error) {
	return func(ctx context.Context, q *queue) (gate, error) { return limitedRuns(ctx, q, without) }
}

func limitedRuns(ctx context.Context, q *queue, without []string) (gate, error) {
	permits := limit.New(busy())
	steps := make([]weir.Step[int, int], 10)
	for i := range steps {
		steps[i] = weir.Func("s"+strconv.Itoa(i), increment)
	}
	steps[fifth-1] = weir.Func("before", func(_ context.Context, n int) (int, error) { q.comes(n - fifth + 1 - boxed); return n + 1, nil })
	steps[fifth] = weir.Func("work", func(_ context.Context, n int) (int, error) { q.goes(n - fifth - boxed); return n + 1, nil }).With(limit.By(permits))
	steps[9] = weir.Func("last", func(_ context.Context, n int) (int, error) { return n + 1, q.ends(n - 9 - boxed) })
	p, err := weir.Compile(weir.Chain("seq", steps...), &weir.Config{Without: without})
	if err != nil {
		return gate{}, err
	}
	return gate{
		begin: func(i int) error { _, err := p.Start(ctx, i+boxed); return err },
		shut:  func() error { return permits.Acquire(ctx) },
		open:  permits.Release,
	}, nil
}

// throttled does the same in plain Go: a goroutine for each run, ten calls through an interface value, and a channel that has room for those
// who have a permit.
func throttled(ctx context.Context, q *queue) (gate, error) {
	var step adder = one{}
	permits := make(chan struct{}, busy())
	run := func(i int) {
		n, err := i, error(nil)
		for k := range 10 {
			switch k {
			case fifth:
				q.comes(i)
				permits <- struct{}{}
				q.goes(i)
			case 9:
				err = q.ends(n - 9)
			}
			if err == nil {
				n, err = step.add(ctx, n)
			}
			if k == fifth {
				<-permits
			}
			if err != nil {
				q.fail(err)
				return
			}
		}
		if n != i+10 {
			q.fail(wrong(n, i+10, nil))
		}
	}
	return gate{
		begin: func(i int) error { go run(i); return nil },
		shut:  func() error { permits <- struct{}{}; return nil },
		open:  func() { <-permits },
	}, nil
}
