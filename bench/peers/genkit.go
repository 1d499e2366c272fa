package main

import (
	"context"
	"strconv"

	"github.com/firebase/genkit/go/genkit"
	"golang.org/x/sync/errgroup"
)

// genkitEngine is a flow whose steps are genkit.Run. What runs side by side and what loops is plain Go: genkit has nothing else for it.
func genkitEngine(ctx context.Context) engine {
	k := &kit{g: genkit.Init(ctx)}
	return engine{
		name:   "genkit flow",
		module: "github.com/firebase/genkit/go",
		chain:  k.chain,
		fork:   k.fork,
		loop:   k.loop,
	}
}

// kit defines flows. Each gets a name of its own: genkit keeps them for as long as the process lives.
type kit struct {
	g     *genkit.Genkit
	flows int
}

func (k *kit) flow(f call) (call, error) {
	k.flows++
	flow := genkit.DefineFlow(k.g, "flow"+strconv.Itoa(k.flows), f)
	return flow.Run, nil
}

func (k *kit) chain(_ context.Context, steps []call) (call, error) {
	names := keys(len(steps))
	return k.flow(func(ctx context.Context, n int) (int, error) {
		for i, f := range steps {
			var err error
			if n, err = genkit.Run(ctx, names[i], func() (int, error) { return f(ctx, n) }); err != nil {
				return 0, err
			}
		}
		return n, nil
	})
}

func (k *kit) fork(_ context.Context, branches []call) (call, error) {
	names := keys(len(branches))
	return k.flow(func(ctx context.Context, n int) (int, error) {
		out := make([]int, len(branches))
		g, ctx := errgroup.WithContext(ctx)
		for i, f := range branches {
			g.Go(func() (err error) {
				out[i], err = genkit.Run(ctx, names[i], func() (int, error) { return f(ctx, n) })
				return err
			})
		}
		err := g.Wait()
		return sum(out), err
	})
}

func (k *kit) loop(_ context.Context, body call, rounds int) (call, error) {
	return k.flow(func(ctx context.Context, n int) (int, error) {
		for n < rounds {
			var err error
			if n, err = genkit.Run(ctx, "body", func() (int, error) { return body(ctx, n) }); err != nil {
				return 0, err
			}
		}
		return n, nil
	})
}

// keys gives the names of n nodes, made before anything is measured.
func keys(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = key(i)
	}
	return names
}
