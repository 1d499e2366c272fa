package main

import (
	"context"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

// weirEngine is weir with the configuration that Compile uses when it is given none.
func weirEngine() engine {
	return engine{
		name:   "weir",
		module: "github.com/weirflow/weir",
		chain: func(_ context.Context, steps []call) (call, error) {
			return started(weir.Compile(weir.Chain("chain", funcs(steps)...), nil))
		},
		fork: func(_ context.Context, branches []call) (call, error) {
			p, err := weir.Compile(parallel.All("fork", funcs(branches)...), nil)
			if err != nil {
				return nil, err
			}
			return func(ctx context.Context, n int) (int, error) {
				all, err := p.Run(ctx, n)
				return sum(all), err
			}, nil
		},
		loop: func(_ context.Context, body call, rounds int) (call, error) {
			return started(weir.Compile(loop.Times("loop", rounds, weir.Func("body", body)), nil))
		},
	}
}

func funcs(calls []call) []weir.Step[int, int] {
	steps := make([]weir.Step[int, int], len(calls))
	for i, f := range calls {
		steps[i] = weir.Func(key(i), f)
	}
	return steps
}

// started makes a call of a plan.
func started(p *weir.Plan[int, int], err error) (call, error) {
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, n int) (int, error) { return p.Run(ctx, n) }, nil
}

func sum(all []int) (total int) {
	for _, n := range all {
		total += n
	}
	return total
}
