package journal

import (
	"time"

	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// Version is the version of the records' format that this package writes. A record of a later one is refused.
const Version = 1

// Type says what a record tells.
type Type string

// The records of a run. The first is RunStarted; a part that ends with RunPaused or RunCanceled can be followed by another that
// begins with RunResumed. A run without an end was cut off by a crash.
const (
	RunStarted   Type = "run.started"
	RunResumed   Type = "run.resumed"
	RunPaused    Type = "run.paused"
	RunCompleted Type = "run.completed"
	RunFailed    Type = "run.failed"
	RunCanceled  Type = "run.canceled"
	// StepCompleted and StepFailed end one execution of a step that does work itself.
	StepCompleted Type = "step.completed"
	StepFailed    Type = "step.failed"
	// Decided is what users' code decided in a control kind: a condition, a mapping, a join.
	Decided Type = "decided"
	// Requested, Answered and Expired are the life of a request to a person.
	Requested Type = "requested"
	Answered  Type = "answered"
	Expired   Type = "expired"
)

// Record is one thing that happened in a run. Which fields are set depends on Type; a zero field says nothing.
type Record struct {
	// Version is that of the format; see Version.
	Version int
	// Seq numbers the records of a run from 1, without gaps.
	Seq  int64
	Type Type
	// At is when it was recorded.
	At time.Time
	// Key names the execution among all of the run: the path with the numbers of rounds, items and attempts, as in
	// polish~2[3]/score; for a decision followed by #name, for a request the request's id.
	Key string
	// Path is the step's path as written.
	Path string
	// Attempt is how many attempts the execution made.
	Attempt int
	// Idempotency is the key that the step was given for its effects; see IdempotencyKey.
	Idempotency string
	// Value is the output of a step or of the run, the run's input in RunStarted, a decision, an answer.
	Value any
	// State is what was written to the run's state; in RunStarted what it began with. Kept says that it stays although the
	// step failed.
	State []state.Write
	Kept  bool
	// Usage is what the step used, or the run so far.
	Usage usage.Usage
	// Elapsed is how long the step took, or the run so far, without the time it waited.
	Elapsed time.Duration
	// Notes are the facts that the step noted.
	Notes map[string]any
	// Failure is why it failed.
	Failure *Failure
	// Request is what is asked, in Requested.
	Request *Request
	// Plan is the hash of the pipeline and Limits what the run may use, in RunStarted.
	Plan   string
	Limits usage.Limits
}
