package plan

// Status says how a step or a run stands.
type Status uint8

// The states of a step; a run knows the same, queued and paused included.
const (
	// NotRun is the zero value: the step was never reached.
	NotRun Status = iota
	// Running steps have begun and not ended.
	Running
	// Completed steps returned a value.
	Completed
	// Failed steps returned an error.
	Failed
	// Canceled steps were stopped from outside: by the caller, or because a sibling ended the group.
	Canceled
	// Paused steps wait for a person.
	Paused
)

// String gives the word that events and JSON use.
func (s Status) String() string {
	switch s {
	case NotRun:
		return "not_run"
	case Running:
		return "running"
	case Completed:
		return "completed"
	case Failed:
		return "failed"
	case Canceled:
		return "canceled"
	case Paused:
		return "paused"
	}
	return "unknown"
}

// MarshalText makes Status a word in JSON.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Record is what a run keeps about one written step, over all its executions. It holds no pointers, so that a slab of
// them costs the garbage collector nothing.
type Record struct {
	// Start is when the step first began, in nanoseconds on the engine's clock.
	Start int64
	// Busy is the time of all executions together, in nanoseconds.
	Busy int64
	// Count is how many executions ended, Failures how many of those failed, Retries how many further attempts were made.
	Count, Failures, Retries uint32
	// Status is that of the last execution.
	Status Status
}

// Add takes in what another strand recorded about the same step. The status is then that of the worst execution, not of the
// last: which strand ran what, and which ended last, is chance.
func (r *Record) Add(o *Record) {
	if o.Status == NotRun {
		return
	}
	if r.Status == NotRun || o.Start < r.Start {
		r.Start = o.Start
	}
	r.Busy += o.Busy
	r.Count += o.Count
	r.Failures += o.Failures
	r.Retries += o.Retries
	// A failure anywhere is what a reader wants to see, also one that a success of the same strand followed.
	if r.Failures > 0 {
		r.Status = Failed
	} else {
		r.Status = max(r.Status, o.Status)
	}
}
