package each

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// ItemKey and IndexKey are the private state keys under which a body's expressions find the item and its number, an int from
// 0, when Spec.ShowItem is set. In a map inside a map they are those of the inner one.
const (
	ItemKey  = state.PrivatePrefix + spec.VarItem
	IndexKey = state.PrivatePrefix + spec.VarIndex
)

// shown is what goes into a body that shows its item.
type shown struct {
	job   *job
	index int
	item  any
}

// shown gives item i with what is needed to show it.
func (j *job) shown(i int) any { return &shown{job: j, index: i, item: j.items.at(i)} }

// showing is a block that puts the item into the state and runs the body.
func showing(body *plan.Block) *plan.Block {
	op := func(ctx context.Context, f plan.Frame, in any) (any, error) {
		s := in.(*shown)
		scope := state.ScopeOf(ctx)
		if scope == nil {
			return f.Do(ctx, body, -1, s.item)
		}
		if err := s.put(scope); err != nil {
			return nil, err
		}
		// What the item is called is no change of the item: only what was written after it is merged.
		mark := scope.Mark()
		out, err := f.Do(ctx, body, -1, s.item)
		if err == nil {
			s.job.keep(s.index, scope.Since(mark))
		}
		return out, err
	}
	return &plan.Block{Steps: []plan.Inst{{Op: op}}, Lo: body.Lo, Hi: body.Hi, Depth: body.Depth}
}

// put stores the item and its number.
func (s *shown) put(scope *state.Scope) error {
	if err := scope.Store(ItemKey, s.item); err != nil {
		return plan.Errorf(plan.CodeState, "the item cannot be shown to expressions: %w", err)
	}
	if err := scope.Store(IndexKey, s.index); err != nil {
		return plan.Errorf(plan.CodeState, "the item's number cannot be shown to expressions: %w", err)
	}
	return nil
}
