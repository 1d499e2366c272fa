package conditional_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/steptest"
)

func TestAConditionalPassesTheSuiteOfKinds(t *testing.T) {
	t.Parallel()
	other := weir.Func("other", func(context.Context, int) (int, error) { return -1, nil })
	number, more := func(n int) int { return n }, func(n int) int { return n + 1 }
	t.Run("if", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, int]{
			Make: func(probe steptest.Probe) weir.Step[int, int] {
				yes := func(context.Context, int) (bool, error) { return true, nil }
				return conditional.If("step", yes, weir.Func("probe", probe), other)
			},
			In: number, Out: more,
		})
	})
	t.Run("switch", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, int]{
			Make: func(probe steptest.Probe) weir.Step[int, int] {
				key := func(context.Context, int) (string, error) { return "z", nil }
				return conditional.Switch("step", key, conditional.Of(conditional.On("a", other)).Else(weir.Func("probe", probe)))
			},
			In: number, Out: more,
		})
	})
}
