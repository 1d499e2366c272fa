package loop_test

import (
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/steptest"
)

func TestALoopPassesTheSuiteOfKinds(t *testing.T) {
	t.Parallel()
	number := func(n int) int { return n }
	t.Run("times", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, int]{
			Make: func(probe steptest.Probe) weir.Step[int, int] {
				return loop.Times("step", 3, weir.Func("probe", probe))
			},
			In: number, Out: func(n int) int { return n + 3 }, Calls: 3,
		})
	})
	t.Run("until", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, int]{
			Make: func(probe steptest.Probe) weir.Step[int, int] {
				return loop.Until("step", 5, func(int) bool { return true }, weir.Func("probe", probe))
			},
			In: number, Out: func(n int) int { return n + 1 },
		})
	})
}
