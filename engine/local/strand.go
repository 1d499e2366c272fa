package local

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// strand is the context of one sequence of steps: of a run, a branch or the items that one worker runs. Steps get it as
// their context.Context and reach the run's state and usage through it.
type strand struct {
	parent context.Context
	run    *run
	scope  state.Scope
	ledger atomic.Pointer[ledger] // nil: the strand has used nothing, and may use what it likes
}

var _ context.Context = (*strand)(nil)

// Deadline is the parent's.
func (s *strand) Deadline() (time.Time, bool) { return s.parent.Deadline() }

// Done is the parent's.
func (s *strand) Done() <-chan struct{} { return s.parent.Done() }

// Err is the parent's.
func (s *strand) Err() error { return s.parent.Err() }

// Value answers for the run's state and usage, and passes on every other key.
func (s *strand) Value(key any) any {
	switch key.(type) {
	case state.ContextKey:
		return &s.scope
	case usage.ContextKey:
		return usage.Sink(s)
	case journal.ContextKey:
		if s.run.job == nil || s.run.job.Journal == nil {
			return nil
		}
		return s.run.job.Journal
	}
	return s.parent.Value(key)
}

// String names the context in the texts of contexts derived from it.
func (s *strand) String() string { return "weir.run" }
