package telemetry

import (
	"context"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// Summary is what a run did, told once, at its end. Its lists belong to the run: they are not to be changed, and are there until the
// recorder returns.
type Summary struct {
	// Run is the run's id; empty for one that has none, which is one of Plan.Run without options where nothing else of the Config needs it.
	Run string
	// End says how it ended: RunCompleted, RunFailed, or RunPaused; after a pause another Summary may follow, which tells of everything.
	End Type
	// Err is why it failed, or what it waits for; nil where it completed.
	Err error
	// Elapsed is how long the run took, or its last part.
	Elapsed time.Duration
	// Usage is what the run used.
	Usage usage.Usage
	// Sites are the steps of the plan, Records what became of each over all its executions, by Site.Index. A step that was not reached
	// has the Status plan.NotRun, and so has a Site that is Derived: its steps tell.
	Sites   []*plan.Site
	Records []plan.Record
	// Begun is when the run began, on the clock that Record.Start is on.
	Begun int64
	// Used is what each step's own work used, by Site.Index; nil where none used anything.
	Used map[int]usage.Usage
}

// Summariser is a Recorder that takes a Summary of each run: all times, counts, failures and costs of its steps for one call, where events are two
// calls a step. That costs a step nothing: the run keeps its records anyway. Retries, progress and the rounds of loops one by one are told by events only.
type Summariser interface {
	Recorder
	// Summary takes one. It is called by the goroutine of the run and must not block; what it does wrong, a panic included, never reaches the run.
	Summary(ctx context.Context, s *Summary)
	// Events says whether it takes events as well. It is asked when a plan is compiled.
	Events() bool
}

// Summaries makes a Recorder of a function that takes summaries, and takes no events. It is called by many goroutines at a time when runs are
// many.
func Summaries(take func(ctx context.Context, s *Summary)) Summariser { return summaries(take) }

type summaries func(context.Context, *Summary)

func (summaries) Event(context.Context, *Event)             {}
func (f summaries) Summary(ctx context.Context, s *Summary) { f(ctx, s) }
func (summaries) Events() bool                              { return false }
