package record

import (
	"context"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// moment is where state and usage stood when something began.
type moment struct {
	mark state.Mark
	used usage.Usage
}

// begun is now.
func begun(ctx context.Context) (m moment) {
	if scope := state.ScopeOf(ctx); scope != nil {
		m.mark = scope.Mark()
	}
	if sink := usage.SinkOf(ctx); sink != nil {
		m.used = sink.Pending()
	}
	return m
}

// since puts into r what was used since then, and what was written where that stays.
func (m moment) since(ctx context.Context, r *journal.Record, stays bool) {
	if scope := state.ScopeOf(ctx); scope != nil && stays && scope.Changed(m.mark) {
		r.State = scope.Since(m.mark).Writes()
	}
	if sink := usage.SinkOf(ctx); sink != nil {
		r.Usage = sink.Pending().Since(m.used)
	}
}

// applied does again what something did in an earlier part of the run, and gives its error.
func applied(ctx context.Context, past *journal.Record) error {
	if scope := state.ScopeOf(ctx); scope != nil {
		if err := scope.Apply(past.State); err != nil {
			return plan.Errorf(plan.CodeJournal, "what %s wrote to the state no longer fits: %w", past.Key, err)
		}
	}
	if sink := usage.SinkOf(ctx); sink != nil {
		sink.Replay(past.Usage)
	}
	return past.Failure.Err()
}
