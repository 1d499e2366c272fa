package blueprint

import (
	"context"

	"github.com/weirflow/weir/blueprint/expr"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// keepOutput is the layer that keeps what a step returned for the expressions that name the step: steps.fetch.output. It
// stands outermost, so that what it keeps is what went on to the next step.
func keepOutput(key string) plan.Layer { return &keeper{key: key} }

// keepInput is the layer that keeps what went into the first step, for expressions that read the pipeline's input.
func keepInput() plan.Layer { return &keeper{key: expr.InputKey, input: true} }

// keeper writes a value into a private key of the state. The value is shared, not copied.
type keeper struct {
	key   string
	input bool
}

// Name is "keep".
func (k *keeper) Name() string { return "keep" }

// Analyse says that the step needs state.
func (k *keeper) Analyse(a *plan.Analysis) { a.NeedsState = true }

// Explain says nothing: that a value is kept for expressions is no news to who wrote them.
func (k *keeper) Explain() string { return "" }

// Wrap puts the keeping round next.
func (k *keeper) Wrap(_ *plan.Builder, next plan.Op) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		if k.input {
			if err := k.store(ctx, in); err != nil {
				return nil, err
			}
			return next(ctx, f, in)
		}
		out, err := next(ctx, f, in)
		if err != nil {
			return out, err
		}
		return out, k.store(ctx, out)
	}
}

func (k *keeper) store(ctx context.Context, v any) error {
	scope := state.ScopeOf(ctx)
	if scope == nil {
		return nil
	}
	if err := scope.Store(k.key, v); err != nil {
		return plan.Errorf(plan.CodeState, "a value cannot be kept for expressions: %w", err)
	}
	return nil
}
