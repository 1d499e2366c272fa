package weir

import (
	"time"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// Status says how a step or a run stands.
type Status = plan.Status

// The states of steps and runs.
const (
	NotRun    = plan.NotRun
	Running   = plan.Running
	Completed = plan.Completed
	Failed    = plan.Failed
	Canceled  = plan.Canceled
	Paused    = plan.Paused
)

// Result is what a run leaves: the answer and the record. It belongs to the caller.
type Result[O any] struct {
	// Output is the answer. When the last step failed it is what that step returned beside its error, if anything.
	Output O
	// ID is the run's id.
	ID string
	// Status says how the run ended.
	Status Status
	// Usage is what all steps used, failed attempts included.
	Usage usage.Usage
	// Elapsed is how long the run took.
	Elapsed time.Duration
	// Steps are the top-level steps that were reached, in written order; each has its own below it.
	Steps []StepResult
	// Pending are the requests that the run waits for, Answered those that somebody answered; both in the order of their paths.
	Pending  []Request
	Answered []Exchange
	// State is the run's state at the end.
	State state.Snapshot
	// Metrics are figures about the run.
	Metrics Metrics

	history history
}

// Metrics are figures about one run (the seed's PerformanceMetrics).
type Metrics struct {
	// Elapsed is how long the run took, in nanoseconds when marshalled.
	Elapsed time.Duration `json:"elapsed_ns"`
	// Executions is how often a step ran to an end, Retries how many further attempts were made.
	Executions int64 `json:"executions"`
	Retries    int64 `json:"retries"`
	// CacheHits is how many executions of steps under cache.For were answered by the cache, CacheMisses how many were not and did their work.
	CacheHits   int64 `json:"cache_hits,omitzero"`
	CacheMisses int64 `json:"cache_misses,omitzero"`
	// AllocatedBytes and GCCycles are of the whole process while the run went on; zero without the option Measure.
	AllocatedBytes int64 `json:"allocated_bytes,omitzero"`
	GCCycles       int64 `json:"gc_cycles,omitzero"`
}

// history is what StepResults read.
type history struct {
	sites   []*plan.Site
	outcome engine.Outcome
	top     [1]StepResult // room for the list of a pipeline that is one step at the top, as most are
}

// fill makes the parts of the result that do not depend on its type.
func (r *Result[O]) fill(out any, err error) {
	h := &r.history
	r.Status = statusOf(err)
	if h.outcome.Records == nil { // the engine was not called: the run could not begin
		h.outcome.Records = make([]plan.Record, len(h.sites))
	}
	r.Usage, r.Elapsed, r.State = h.outcome.Usage, h.outcome.Elapsed, h.outcome.State
	r.Metrics.Elapsed = r.Elapsed
	for i := range h.outcome.Records {
		r.Metrics.Executions += int64(h.outcome.Records[i].Count)
		r.Metrics.Retries += int64(h.outcome.Records[i].Retries)
	}
	for _, d := range h.outcome.Details {
		r.Metrics.CacheHits += d.Hits
		r.Metrics.CacheMisses += d.Misses
	}
	r.Steps = h.steps(h.top[:0:1], 0, len(h.sites))
	if err != nil && r.Status != Paused {
		r.Output, _ = out.(O)
	}
}

// statusOf is how a run with this error ended.
func statusOf(err error) Status {
	if err == nil {
		return Completed
	}
	switch plan.CodeOf(err) {
	case plan.CodeCanceled:
		return Canceled
	case plan.CodePaused:
		return Paused
	}
	return Failed
}
