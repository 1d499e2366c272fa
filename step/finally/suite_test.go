package finally_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/finally"
	"github.com/weirflow/weir/step/steptest"
)

func TestABodyWithACleanupPassesTheSuiteOfKinds(t *testing.T) {
	t.Parallel()
	steptest.Passes(t, steptest.Kind[int, int]{
		Make: func(probe steptest.Probe) weir.Step[int, int] {
			tidy := weir.Func("tidy", func(context.Context, finally.Outcome[int, int]) (any, error) { return nil, nil })
			return finally.Do("guard", weir.Func("probe", probe), tidy)
		},
		In: func(n int) int { return n }, Out: func(n int) int { return n + 1 },
	})
}
