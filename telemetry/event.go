// Package telemetry is how a run tells what happens in it: events to a Recorder, while it happens.
package telemetry

import (
	"context"
	"time"

	"github.com/weirflow/weir/usage"
)

// Type names a sort of event.
type Type string

// The events of a run, in the order in which they can come. A run ends with exactly one of RunCompleted, RunFailed and
// RunPaused; one that paused goes on with RunResumed.
const (
	RunStarted   Type = "run.started"
	RunResumed   Type = "run.resumed"
	StepStarted  Type = "step.started"
	StepRetry    Type = "step.retry"
	StepProgress Type = "step.progress"
	// AgentChunk is a part of the answer that the last step of a run gives; Text is the part. See ChunkRecorder.
	AgentChunk    Type = "agent.chunk"
	StepCompleted Type = "step.completed"
	StepFailed    Type = "step.failed"
	// StepPaused ends a step in which a person is waited for. It starts again when the run is resumed.
	StepPaused   Type = "step.paused"
	RunCompleted Type = "run.completed"
	RunFailed    Type = "run.failed"
	RunPaused    Type = "run.paused"
	// EventsDropped stands where a slow reader missed events; Done is how many.
	EventsDropped Type = "events.dropped"
)

// Event is one thing that happened in a run.
type Event struct {
	// Type says what happened.
	Type Type `json:"type"`
	// Run is the run's id.
	Run string `json:"run"`
	// At is the time since the run began.
	At time.Duration `json:"at_ns"`
	// Path and Kind are the step's; empty for events of the run.
	Path string `json:"path,omitzero"`
	Kind string `json:"kind,omitzero"`
	// Site is the step's number in the plan, -1 for events of the run.
	Site int `json:"site"`
	// Elapsed is how long the step or the run took, at its end.
	Elapsed time.Duration `json:"elapsed_ns,omitzero"`
	// Attempt is the attempt that failed, for a retry; Wait the pause before the next.
	Attempt int           `json:"attempt,omitzero"`
	Wait    time.Duration `json:"wait_ns,omitzero"`
	// Done and Total are the progress of a step of many parts; Total is negative where it is not known.
	Done  int `json:"done,omitzero"`
	Total int `json:"total,omitzero"`
	// Text is a part of a step's output, for AgentChunk.
	Text string `json:"text,omitzero"`
	// Usage is what the step or the run used.
	Usage usage.Usage `json:"usage,omitzero"`
	// Err is why it failed, nil otherwise; Error is its text, for JSON.
	Err   error  `json:"-"`
	Error string `json:"error,omitzero"`
	// Replayed says that the step ended in an earlier part of the run, and is told again because the run was resumed.
	Replayed bool `json:"replayed,omitzero"`
	// Code is the failure's code.
	Code string `json:"code,omitzero"`
}

// Recorder takes events. It is called from the goroutines of the run, several at a time, and must not block; what it does
// wrong, a panic included, never reaches the run.
type Recorder interface {
	Event(ctx context.Context, e *Event)
}

// ChunkRecorder is a Recorder that may take answers in parts: AgentChunk. A run streams its answer only when its recorder does,
// since a streamed answer that breaks off is not asked for again. Every other Recorder gets no AgentChunk.
type ChunkRecorder interface {
	Recorder
	// Chunks says whether it takes parts. A run asks once, when it begins.
	Chunks() bool
}

// Borrower is a Recorder that only borrows events: when Event returns it holds neither the event nor its address, so that a run makes the next in the
// same memory. Every other Recorder may keep what it is given.
type Borrower interface {
	Recorder
	// Borrows says whether it does. A run asks once, when it begins.
	Borrows() bool
}

// Borrows says whether a recorder, which may be nil, only borrows events.
func Borrows(r Recorder) bool {
	b, ok := r.(Borrower)
	return ok && b.Borrows()
}

// TakesChunks says whether a recorder, which may be nil, takes answers in parts.
func TakesChunks(r Recorder) bool {
	c, ok := r.(ChunkRecorder)
	return ok && c.Chunks()
}

// Nop is a Recorder that does nothing.
type Nop struct{}

// Event does nothing.
func (Nop) Event(context.Context, *Event) {}

// Borrows is true.
func (Nop) Borrows() bool { return true }
