package journal

import "time"

// span adds up how long the parts of a run took.
type span struct {
	ended       time.Duration // as the record says that ended the last part
	begun, last time.Time     // of a part that goes on, or was cut off
}

// take takes in the next record.
func (s *span) take(r *Record) {
	switch r.Type {
	case RunStarted, RunResumed:
		s.ended, s.begun = s.total(), r.At
	case RunPaused, RunCompleted, RunFailed, RunCanceled:
		s.ended, s.begun = r.Elapsed, time.Time{}
	}
	s.last = r.At
}

// total is how long all parts took.
func (s *span) total() time.Duration {
	if s.begun.IsZero() {
		return s.ended
	}
	return s.ended + max(0, s.last.Sub(s.begun))
}
