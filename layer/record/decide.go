package record

import (
	"context"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
)

// Decide makes the decisions of plans that keep a journal: see plan.Decision. They are written together with the next step's record,
// since a decision that was lost is taken again before anything follows from it. A panic is an error that is kept like others.
func Decide(at *plan.Site, name string) plan.Decision {
	return func(ctx context.Context, f plan.Frame, round int, decide func() (any, error)) (any, error) {
		log := journal.LogOf(ctx)
		if log == nil || log.Over(ctx) {
			return decide()
		}
		key := journal.Round(f.Key(at), name, max(round, 0))
		if past := log.Past(key); past != nil {
			return past.Value, applied(ctx, past)
		}
		if round >= 0 { // otherwise the steps that it holds have records, or not
			if err := log.Missing(key); err != nil {
				return nil, err
			}
			if err := plan.Unrecorded(ctx); err != nil {
				return nil, err
			}
		}
		before := begun(ctx)
		v, err := guarded(decide)
		if unfinished(ctx, err) {
			return v, err
		}
		r := journal.Record{Type: journal.Decided, Key: key, Path: at.Path, Value: v, Failure: journal.Failed(err)}
		if round >= 0 {
			before.since(ctx, &r, true)
		}
		log.Later(r)
		return v, err
	}
}

// guarded calls decide; a panic is its error.
func guarded(decide func() (any, error)) (v any, err error) {
	defer caught(&v, &err)
	return decide()
}
