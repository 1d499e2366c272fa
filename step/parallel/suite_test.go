package parallel_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/step/steptest"
)

func number(n int) int { return n }

func TestAParallelStepPassesTheSuiteOfKinds(t *testing.T) {
	t.Parallel()
	double := weir.Func("double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	both := func(n int) []int { return []int{n + 1, 2 * n} }
	for name, opts := range map[string][]parallel.Option{
		"all":       nil,
		"fail fast": {parallel.FailFast(), parallel.Width(1)}, // which of two at once has begun when one fails is chance
		"width 1":   {parallel.Width(1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Passes(t, steptest.Kind[int, []parallel.Branch[int]]{
				Make: func(probe steptest.Probe) weir.Step[int, []parallel.Branch[int]] {
					return parallel.Named("step", opts, weir.Func("probe", probe), double)
				},
				In: number,
				Out: func(n int) []parallel.Branch[int] {
					return []parallel.Branch[int]{{Name: "probe", Out: n + 1}, {Name: "double", Out: 2 * n}}
				},
			})
		})
	}
	t.Run("list", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, []int]{
			Make: func(probe steptest.Probe) weir.Step[int, []int] {
				return parallel.All("step", weir.Func("probe", probe), double)
			},
			In: number, Out: both,
		})
	})
	t.Run("join", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, []int]{
			Make: func(probe steptest.Probe) weir.Step[int, []int] {
				return parallel.Join2("step", weir.Func("probe", probe), double, func(_ context.Context, a, b int) ([]int, error) { return []int{a, b}, nil })
			},
			In: number, Out: both,
		})
	})
}

func TestAParallelStepThatIgnoresFailuresPassesTheSuiteOfKinds(t *testing.T) {
	t.Parallel()
	double := weir.Func("double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	steptest.Passes(t, steptest.Kind[int, []parallel.Branch[int]]{
		Make: func(probe steptest.Probe) weir.Step[int, []parallel.Branch[int]] {
			return parallel.Named("step", []parallel.Option{parallel.OnFailure(parallel.Ignore)}, weir.Func("probe", probe), double)
		},
		In: number,
		Out: func(n int) []parallel.Branch[int] {
			return []parallel.Branch[int]{{Name: "probe", Out: n + 1}, {Name: "double", Out: 2 * n}}
		},
		Handles: true,
	})
}
