package record

import (
	"context"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Decide makes the decisions of plans that keep a journal: see plan.Decision. They are written together with the next step's record,
// since a decision that was lost is taken again before anything follows from it.
func Decide(at *plan.Site, name string) plan.Decision {
	return func(ctx context.Context, f plan.Frame, round int, decide func() (any, error)) (any, error) {
		log := journal.LogOf(ctx)
		if log == nil {
			return decide()
		}
		key := journal.Round(f.Key(at), name, round)
		scope := state.ScopeOf(ctx)
		if past := log.Past(key); past != nil {
			if scope != nil {
				if err := scope.Apply(past.State); err != nil {
					return nil, plan.Errorf(plan.CodeResume, "what %s wrote to the state no longer fits: %w", name, err)
				}
			}
			return past.Value, past.Failure.Err()
		}
		if err := log.Missing(key); err != nil {
			return nil, err
		}
		var mark state.Mark
		if scope != nil {
			mark = scope.Mark()
		}
		v, err := decide()
		if unfinished(ctx, err) {
			return v, err
		}
		r := journal.Record{Type: journal.Decided, Key: key, Path: at.Path, Value: v, Failure: journal.Failed(err)}
		if scope != nil && scope.Changed(mark) {
			r.State = scope.Since(mark).Writes()
		}
		log.Later(r)
		return v, err
	}
}
