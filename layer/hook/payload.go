package hook

import (
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// Run is what a hook is told of a run that begins. Its values are shared with the run: do not modify them.
type Run struct {
	// ID is the run's id.
	ID string
	// Name is the pipeline's name, empty where it has none. Hash is the digest of the pipeline as written.
	Name, Hash string
	// Input is what the run was given.
	Input any
	// Limits bound the run as a whole.
	Limits usage.Limits
	// State is the run's state at the beginning.
	State state.Snapshot
}

// RunEnd is what a hook is told of a run that has ended or paused.
type RunEnd struct {
	// Run is what was told when it began, but for State, which is that at the end.
	Run
	// Status says how it ended: Completed, Failed, Canceled or Paused.
	Status plan.Status
	// Output is the answer; beside an error, what the last step returned, if anything.
	Output any
	// Err is why the run failed, was cancelled or paused; nil after a success.
	Err error
	// Usage is what all steps used, failed attempts included.
	Usage usage.Usage
	// Elapsed is how long the run took.
	Elapsed time.Duration
}

// Step is what a hook is told of a step that begins. Its values are shared with the run: do not modify them.
type Step struct {
	// Run is the run's id.
	Run string
	// Path is the step's, with round numbers: draft/polish[2]/score. Name and Kind are as written.
	Path, Name, Kind string
	// Input is what the step is given, before its own layers make something else of it.
	Input any
}

// StepEnd is what a hook is told of a step that has ended.
type StepEnd struct {
	// Step is what was told when it began.
	Step
	// Output is what the step returned, also beside its failure.
	Output any
	// Err is why the step failed; nil after a success.
	Err error
	// Attempts is how many attempts were made, at least 1.
	Attempts int
	// Elapsed is how long the step took.
	Elapsed time.Duration
	// Usage is what the step's own work used, failed attempts included, without that of the steps below it.
	Usage usage.Usage
	// CacheHit says that the output comes from a cache.
	CacheHit bool
	// Notes are the facts that the step noted, by key. They are kept only where the run's record is: nil under Plan.Run.
	Notes map[string]any
}
