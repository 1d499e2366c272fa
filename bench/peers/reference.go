package main

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// adder is the reference's node: called through an interface, as the leanest executor would.
type adder interface {
	add(ctx context.Context, n int) (int, error)
}

type plus int

//go:noinline
func (p plus) add(_ context.Context, n int) (int, error) { return n + int(p), nil }

// interfaceCalls calls nodes that add 1 in a plain loop.
func interfaceCalls(count int) call {
	nodes := make([]adder, count)
	for i := range nodes {
		nodes[i] = plus(1)
	}
	return func(ctx context.Context, n int) (_ int, err error) {
		for _, node := range nodes {
			if n, err = node.add(ctx, n); err != nil {
				return 0, err
			}
		}
		return n, nil
	}
}

// group calls nodes in an errgroup with a context, the i-th of which adds i+1.
func group(count int) call {
	nodes := make([]adder, count)
	for i := range nodes {
		nodes[i] = plus(i + 1)
	}
	return func(ctx context.Context, n int) (int, error) {
		out := make([]int, len(nodes))
		g, ctx := errgroup.WithContext(ctx)
		for i, node := range nodes {
			g.Go(func() (err error) {
				out[i], err = node.add(ctx, n)
				return err
			})
		}
		err := g.Wait()
		return sum(out), err
	}
}
