// Package engine says what drives a run: it gives a compiled program to an Engine with a Job and gets back the answer and,
// where it was asked for, an Outcome. Package local is the reference.
package engine

import (
	"context"
	"time"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// Engine drives runs. It is safe for use by several goroutines.
type Engine interface {
	// Drive runs p on in and returns when every goroutine of the run has ended. A nil job means defaults; a nil outcome
	// means that nobody will ask what happened. A failure is a *plan.StepError, or an error of the run itself.
	Drive(ctx context.Context, p *plan.Program, in any, job *Job, out *Outcome) (any, error)
}

// Job says how one run, or every run of a plan, is to be driven. It is read only.
type Job struct {
	// ID is the run's id; empty: the run has none.
	ID string
	// Terms hold for all runs of a plan, unless an option says otherwise. Nil: there are none.
	Terms *Terms
	// Journal is the run's; nil: it keeps none.
	Journal *journal.Log
	// Recorder takes the run's events; nil: there are none.
	Recorder telemetry.Recorder
	// Keeper keeps the run while it waits without a goroutine. Nil: it waits in the one that drives it.
	Keeper Keeper
}

// Terms are what runs begin with and may use. They are shared and read only.
type Terms struct {
	// Limits bound a run as a whole.
	Limits usage.Limits
	// State is what a run's state holds at the start. What an earlier part of the run began with comes on top of it.
	State []state.Value
	// Meter is told what each step used; nil: nobody is.
	Meter usage.Meter
	// Summaries is told of each run at its end; nil: nobody is.
	Summaries telemetry.Summariser
	// Bare says that there is nothing else here: a run under these terms that nobody asks for anything needs nothing of its own.
	Bare bool
}

// Under gives the job's terms.
func (j *Job) Under() Terms {
	if j.Terms == nil {
		return Terms{}
	}
	return *j.Terms
}

// Keeper is who started a run in a goroutine that may end while the run waits: see plan.Parker. An engine need not use it.
type Keeper interface {
	// Park says that the run is about to leave its goroutine: Drive, or Resume, returns plan.ErrParked then, and touches neither its
	// job nor its outcome any more. It is called in that goroutine, with the same p each time.
	Park(p Parked)
	// Ready says that a run that was parked can go on: p.Resume is to be called, soon and in another goroutine. It is called once each
	// time that the run was parked, perhaps before Drive has returned. It must not wait.
	Ready(p Parked)
}

// Parked is a run that waits without a goroutine, or did.
type Parked interface {
	plan.Waker
	// Resume drives the run on, as Drive does. The outcome is that of the whole run.
	Resume(out *Outcome) (any, error)
}

// Outcome is what a run leaves beside its answer. An engine fills it, also when the run failed.
type Outcome struct {
	// Records has one entry a site, by its Index.
	Records []plan.Record
	// Begun is when the run began, on the clock that Record.Start is on.
	Begun int64
	// Details holds what only few sites have, by Index; nil when none has.
	Details map[int]*Detail
	// Usage is what the whole run used.
	Usage usage.Usage
	// State is the run's state at the end.
	State state.Snapshot
	// Elapsed is how long the run took.
	Elapsed time.Duration
}

// Used is what each step's own work used, by Index; nil where none used anything.
func (o *Outcome) Used() (list map[int]usage.Usage) {
	for site, d := range o.Details {
		if d.Usage.IsZero() {
			continue
		}
		if list == nil {
			list = map[int]usage.Usage{}
		}
		list[site] = d.Usage
	}
	return list
}

// Detail is what a run keeps about a site beyond its record.
type Detail struct {
	// Notes are the facts that ops noted, by key.
	Notes map[string]any
	// Hits and Misses are how often the fact plan.CacheHit was noted as true and as false.
	Hits, Misses int64
	// Usage is what the step's own work used, without its children.
	Usage usage.Usage
	// First and Last are its first and last failure.
	First, Last error
	// Output is what the step returned beside its last failure.
	Output any
}

// Count counts a result that was found in a cache, or one that was not.
func (d *Detail) Count(hit bool) {
	if hit {
		d.Hits++
		return
	}
	d.Misses++
}
