package main

import (
	"context"
	"fmt"

	"github.com/tmc/langchaingo/chains"
)

// langchaingoEngine is a SequentialChain of Transforms, and Apply for the fork: it has no chain that runs others side by side, but
// runs one chain for many inputs at once. It has no loop.
func langchaingoEngine() engine {
	return engine{
		name:   "langchaingo",
		module: "github.com/tmc/langchaingo",
		chain:  langchaingoSequence,
		fork:   langchaingoApply,
	}
}

func langchaingoSequence(_ context.Context, steps []call) (call, error) {
	list := make([]chains.Chain, len(steps))
	for i, f := range steps {
		from, to := []string{key(i)}, []string{key(i + 1)}
		list[i] = chains.NewTransform(func(ctx context.Context, in map[string]any, _ ...chains.ChainCallOption) (map[string]any, error) {
			n, err := f(ctx, in[from[0]].(int))
			return map[string]any{to[0]: n}, err
		}, from, to)
	}
	first, last := key(0), key(len(steps))
	chain, err := chains.NewSequentialChain(list, []string{first}, []string{last})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, n int) (int, error) {
		out, err := chains.Call(ctx, chain, map[string]any{first: n})
		if err != nil {
			return 0, err
		}
		return number(out[last])
	}, nil
}

func langchaingoApply(_ context.Context, branches []call) (call, error) {
	chain := chains.NewTransform(func(ctx context.Context, in map[string]any, _ ...chains.ChainCallOption) (map[string]any, error) {
		n, err := branches[in["branch"].(int)](ctx, in["n"].(int))
		return map[string]any{"out": n}, err
	}, []string{"branch", "n"}, []string{"out"})
	return func(ctx context.Context, n int) (int, error) {
		inputs := make([]map[string]any, len(branches))
		for i := range inputs {
			inputs[i] = map[string]any{"branch": i, "n": n}
		}
		outputs, err := chains.Apply(ctx, chain, inputs, len(inputs))
		if err != nil {
			return 0, err
		}
		total := 0
		for _, out := range outputs {
			n, err := number(out["out"])
			if err != nil {
				return 0, err
			}
			total += n
		}
		return total, nil
	}, nil
}

// number is what a peer returned as any.
func number(v any) (int, error) {
	n, ok := v.(int)
	if !ok {
		return 0, fmt.Errorf("the answer is a %T, not an int", v)
	}
	return n, nil
}
