package local

import (
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// retry says at which attempt the execution of a step is that goes on.
type retry struct {
	site, attempt int
	execution     uint32
}

// live says that the execution which a retry belongs to has not ended. Steps round a worker's block outlive the worker.
func (f *frame) live(t *retry) bool {
	i := t.site - f.offset
	return i < 0 || i >= len(f.records) || f.records[i].Count == t.execution
}

// tried is the attempt that the execution of a site which goes on now is at.
func (f *frame) tried(site int) int {
	for i := range f.tries {
		if t := &f.tries[i]; t.site == site && f.live(t) {
			return t.attempt
		}
	}
	return 1
}

// try says at which attempt the execution of a site is.
func (f *frame) try(site, attempt int) {
	kept := f.tries[:0]
	for i := range f.tries {
		if t := &f.tries[i]; t.site != site && f.live(t) {
			kept = append(kept, *t)
		}
	}
	f.tries = append(kept, retry{site: site, attempt: attempt, execution: f.records[site-f.offset].Count})
}

// lively are the retries that go on, for frames that start inside them; nil where nothing was retried.
func (f *frame) lively() []retry {
	var list []retry
	for i := range f.tries {
		if f.live(&f.tries[i]) {
			list = append(list, f.tries[i])
		}
	}
	return list
}

// Retried counts an attempt that failed and will be made again.
func (f *frame) Retried(at *plan.Site, attempt int, err error, wait time.Duration) {
	if at == nil {
		return
	}
	f.records[at.Index-f.offset].Retries++
	// Of two retries round a step the outer one begins to count anew, and the names of executions must not.
	f.try(at.Index, max(attempt, f.tried(at.Index))+1)
	if f.watched {
		e := f.blank(telemetry.StepRetry, at)
		e.Attempt, e.Wait, e.Err, e.Error, e.Code = attempt, wait, err, err.Error(), string(plan.CodeOf(err))
		f.tell(e, clock())
	}
}

// Key names an execution among all of the run.
func (f *frame) Key(at *plan.Site) string {
	if at == nil {
		return ""
	}
	return at.Key(f.rounds, f.tried)
}
