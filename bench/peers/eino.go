package main

import (
	"context"

	"github.com/cloudwego/eino/compose"
)

const einoModule = "github.com/cloudwego/eino"

// einoChain is eino's Chain, with a Parallel for the fork. A Chain has no loop: see einoGraph.
func einoChain() engine {
	return engine{
		name:   "eino chain",
		module: einoModule,
		chain: func(ctx context.Context, steps []call) (call, error) {
			c := compose.NewChain[int, int]()
			for _, f := range steps {
				c.AppendLambda(compose.InvokableLambda(f))
			}
			return invoked(c.Compile(ctx))
		},
		fork: func(ctx context.Context, branches []call) (call, error) {
			p := compose.NewParallel()
			for i, f := range branches {
				p.AddLambda(key(i), compose.InvokableLambda(f))
			}
			return joined(compose.NewChain[int, map[string]any]().AppendParallel(p).Compile(ctx))
		},
	}
}

// einoGraph is eino's Graph in its default mode; its loop is a branch that leads back until the number is reached.
func einoGraph() engine {
	return engine{
		name:   "eino graph",
		module: einoModule,
		chain:  einoGraphChain,
		fork:   einoGraphFork,
		loop:   einoGraphLoop,
	}
}

func einoGraphChain(ctx context.Context, steps []call) (call, error) {
	g := compose.NewGraph[int, int]()
	before := compose.START
	for i, f := range steps {
		if err := g.AddLambdaNode(key(i), compose.InvokableLambda(f)); err != nil {
			return nil, err
		}
		if err := g.AddEdge(before, key(i)); err != nil {
			return nil, err
		}
		before = key(i)
	}
	if err := g.AddEdge(before, compose.END); err != nil {
		return nil, err
	}
	return invoked(g.Compile(ctx))
}

func einoGraphFork(ctx context.Context, branches []call) (call, error) {
	g := compose.NewGraph[int, map[string]any]()
	for i, f := range branches {
		if err := g.AddLambdaNode(key(i), compose.InvokableLambda(f), compose.WithOutputKey(key(i))); err != nil {
			return nil, err
		}
		if err := g.AddEdge(compose.START, key(i)); err != nil {
			return nil, err
		}
		if err := g.AddEdge(key(i), compose.END); err != nil {
			return nil, err
		}
	}
	return joined(g.Compile(ctx))
}

func einoGraphLoop(ctx context.Context, body call, rounds int) (call, error) {
	const node = "body"
	g := compose.NewGraph[int, int]()
	if err := g.AddLambdaNode(node, compose.InvokableLambda(body)); err != nil {
		return nil, err
	}
	if err := g.AddEdge(compose.START, node); err != nil {
		return nil, err
	}
	again := compose.NewGraphBranch(func(_ context.Context, n int) (string, error) {
		if n < rounds {
			return node, nil
		}
		return compose.END, nil
	}, map[string]bool{node: true, compose.END: true})
	if err := g.AddBranch(node, again); err != nil {
		return nil, err
	}
	return invoked(g.Compile(ctx, compose.WithMaxRunSteps(rounds+10)))
}

// invoked makes a call of a compiled graph.
func invoked(r compose.Runnable[int, int], err error) (call, error) {
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, n int) (int, error) { return r.Invoke(ctx, n) }, nil
}

// joined makes a call of a compiled graph that returns what each branch returned.
func joined(r compose.Runnable[int, map[string]any], err error) (call, error) {
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, n int) (int, error) {
		all, err := r.Invoke(ctx, n)
		if err != nil {
			return 0, err
		}
		total := 0
		for _, v := range all {
			n, err := number(v)
			if err != nil {
				return 0, err
			}
			total += n
		}
		return total, nil
	}, nil
}
