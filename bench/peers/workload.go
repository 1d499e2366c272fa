package main

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// workload is one thing that everybody does, from one number to another.
type workload struct {
	name string
	says string
	// in and want are what a graph gets and must answer.
	in, want int
	ref      call
	// build gives an engine's graph, nil where it has no means for it.
	build func(ctx context.Context, e engine) (call, error)
}

const (
	chainSteps   = 10
	forkBranches = 8
	loopRounds   = 100
)

func sequential() workload {
	return workload{
		name: "seq10", says: "ten steps that add 1; the reference is a loop of calls through an interface value",
		in: 1, want: 1 + chainSteps, ref: interfaceCalls(chainSteps),
		build: func(ctx context.Context, e engine) (call, error) { return e.chain(ctx, ten(one)) },
	}
}

func forking() workload {
	return workload{
		name: "par8", says: "eight branches at once and the sum of what they return; the reference is errgroup",
		in: 1, want: forkBranches + forkBranches*(forkBranches+1)/2, ref: group(forkBranches),
		build: func(ctx context.Context, e engine) (call, error) {
			list := make([]call, forkBranches)
			for i := range list {
				list[i] = func(_ context.Context, n int) (int, error) { return n + i + 1, nil }
			}
			return e.fork(ctx, list)
		},
	}
}

func looping() workload {
	return workload{
		name: "loop100", says: "a hundred rounds of one step; the reference is a loop of calls through an interface value",
		in: 0, want: loopRounds, ref: interfaceCalls(loopRounds),
		build: func(ctx context.Context, e engine) (call, error) {
			if e.loop == nil {
				return nil, nil
			}
			return e.loop(ctx, one, loopRounds)
		},
	}
}

func one(_ context.Context, n int) (int, error) { return n + 1, nil }

// ten is ten steps, the fifth of which is given.
func ten(fifth call) []call {
	list := make([]call, chainSteps)
	for i := range list {
		list[i] = one
	}
	list[4] = fifth
	return list
}

// contenders builds a workload for all engines, the reference first, and lets each answer once.
func contenders(ctx context.Context, w workload, all []engine) ([]contender, error) {
	list := []contender{{"reference", w.work(ctx, w.ref)}}
	for _, e := range all {
		graph, err := w.build(ctx, e)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", w.name, e.name, err)
		}
		if graph != nil {
			list = append(list, contender{e.name, w.work(ctx, graph)})
		}
	}
	for _, c := range list {
		if err := c.work(1); err != nil {
			return nil, fmt.Errorf("%s of %s: %w", w.name, c.name, err)
		}
	}
	return list, nil
}

// work runs a graph n times and looks at every answer.
func (w workload) work(ctx context.Context, graph call) func(int) error {
	return func(n int) error {
		for range n {
			got, err := graph(ctx, w.in)
			if err != nil {
				return err
			}
			if got != w.want {
				return fmt.Errorf("the answer is %d, not %d", got, w.want)
			}
		}
		return nil
	}
}

// onAllCores shares n runs among as many goroutines as there are cores.
func onAllCores(work func(int) error) func(int) error {
	return func(n int) error {
		var g errgroup.Group
		cores := runtime.GOMAXPROCS(0)
		for i := range cores {
			g.Go(func() error { return work((n + i) / cores) })
		}
		return g.Wait()
	}
}
