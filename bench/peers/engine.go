package main

import (
	"context"
	"strconv"
)

// call is one node's work, and one run of a graph that an engine has compiled.
type call = func(ctx context.Context, n int) (int, error)

// engine builds the graphs of the workloads as its own documentation recommends, with its own defaults. What it has no means for is
// nil and left out of that workload.
type engine struct {
	name string
	// module is where it comes from: the version that is shown is the one that this program was built with.
	module string
	// chain calls the steps one after the other, each with what the one before returned.
	chain func(ctx context.Context, steps []call) (call, error)
	// fork calls all branches with the same number, at the same time, and adds up what they return.
	fork func(ctx context.Context, branches []call) (call, error)
	// loop calls body with 0 and then with what it returned, until that is rounds.
	loop func(ctx context.Context, body call, rounds int) (call, error)
}

// engines gives all that are compared, weir first.
func engines(ctx context.Context) []engine {
	return []engine{weirEngine(), langchaingoEngine(), einoChain(), einoGraph(), genkitEngine(ctx)}
}

// key names the i-th node of a graph.
func key(i int) string { return "n" + strconv.Itoa(i) }
