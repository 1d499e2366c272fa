package each_test

import (
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/steptest"
)

func oneItem(n int) []int { return []int{n} }

func TestAMapPassesTheSuiteOfKinds(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]each.Option{"one at a time": nil, "width 4": {each.Width(4)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Passes(t, steptest.Kind[[]int, []int]{
				Make: func(probe steptest.Probe) weir.Step[[]int, []int] {
					return each.Item("step", weir.Func("probe", probe), opts...)
				},
				In: oneItem, Out: func(n int) []int { return []int{n + 1} },
			})
		})
	}
}

func TestAMapThatCollectsPassesTheSuiteOfKinds(t *testing.T) {
	t.Parallel()
	steptest.Passes(t, steptest.Kind[[]int, []each.Outcome[int]]{
		Make: func(probe steptest.Probe) weir.Step[[]int, []each.Outcome[int]] {
			return each.Collect("step", weir.Func("probe", probe), each.Width(2))
		},
		In: oneItem, Out: func(n int) []each.Outcome[int] { return []each.Outcome[int]{{Out: n + 1}} },
		Handles: true,
	})
}
