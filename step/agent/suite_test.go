package agent_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/steptest"
)

// asks is a model that gives what a probe makes of the number it is asked about.
func asks(probe steptest.Probe) model.Model {
	return model.Func(func(ctx context.Context, r *model.Request) (*model.Response, error) {
		n, err := strconv.Atoi(said(r))
		if err != nil {
			return nil, err
		}
		if n, err = probe(ctx, n); err != nil {
			return nil, err
		}
		return &model.Response{Text: strconv.Itoa(n)}, nil
	})
}

func TestAnAgentPassesTheSuiteOfKinds(t *testing.T) {
	t.Parallel()
	number := func(n int) int { return n }
	t.Run("structured", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, int]{
			Make: func(probe steptest.Probe) weir.Step[int, int] {
				return agent.New[int]("step", agent.Spec[int]{Model: asks(probe)}).With(retry.UpTo(1))
			},
			In: number, Out: func(n int) int { return n + 1 },
		})
	})
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		steptest.Passes(t, steptest.Kind[int, string]{
			Make: func(probe steptest.Probe) weir.Step[int, string] {
				return agent.New[string]("step", agent.Spec[int]{Model: asks(probe)}).With(retry.UpTo(1))
			},
			In: number, Out: func(n int) string { return strconv.Itoa(n + 1) },
		})
	})
}
