package weir_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

// BenchmarkWithout runs workloads without one of the engine's optimisations; the reference is the same with all of them, so that
// x-ref is what the plain twin costs. docs/optimisations.md quotes it.
func BenchmarkWithout(b *testing.B) {
	branches := make([]weir.Step[int, int], 8)
	for i := range branches {
		branches[i] = weir.Func("b"+strconv.Itoa(i), increment)
	}
	list := weir.Func("list", func(context.Context, int) ([]int, error) { return make([]int, 100), nil })
	count := weir.Func("count", func(_ context.Context, all []int) (int, error) { return len(all), nil })
	for _, c := range []struct {
		name string
		step weir.Step[int, int]
	}{
		{"seq10", chain10(increment)},
		{"loop100", loop.Times("loop", 100, weir.Func("inc", func(_ context.Context, n int) (int, error) { return (n + 1) & 127, nil }))},
		{"par8", weir.Then(parallel.All("par", branches...), count)},
		{"map100", weir.Then3(list, each.Item("map", weir.Func("inc", increment), each.Width(4)), count)},
	} {
		for _, name := range []string{"pool", "spine", "crew", "lazycancel", "all"} {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				ctx, cancel := context.WithCancel(b.Context())
				defer cancel()
				plain := must(weir.Compile(c.step, &weir.Config{Without: []string{name}}))
				compare(b, runs(ctx, plain, 1), runs(ctx, must(weir.Compile(c.step, nil)), 1))
			})
		}
	}
}
