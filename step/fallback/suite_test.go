package fallback_test

import (
	"context"
	"errors"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/steptest"
)

func TestAFallbackPassesTheSuiteOfKinds(t *testing.T) {
	t.Parallel()
	number, more := func(n int) int { return n }, func(n int) int { return n + 1 }
	t.Run("primary", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, int]{
			Make: func(probe steptest.Probe) weir.Step[int, int] {
				return fallback.To(weir.Func("probe", probe), weir.Func("alternate", func(_ context.Context, n int) (int, error) { return -n, nil }))
			},
			In: number, Out: more, Handles: true,
		})
	})
	t.Run("alternate", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, int]{
			Make: func(probe steptest.Probe) weir.Step[int, int] {
				down := weir.Func("primary", func(context.Context, int) (int, error) { return 0, errors.New("it is down") })
				return fallback.To(down, weir.Func("probe", probe))
			},
			In: number, Out: more,
		})
	})
}
