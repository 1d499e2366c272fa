package local

import (
	"maps"
	"time"

	"github.com/weirflow/weir/plan"
)

// Facts gives what is known of the execution of a site that goes on now.
func (f *frame) Facts(at *plan.Site) plan.Facts {
	facts := plan.Facts{Attempts: f.tried(at.Index), Elapsed: time.Duration(clock() - f.at.begun)}
	f.run.mu.Lock()
	defer f.run.mu.Unlock()
	if d := f.run.known(at.Index); d != nil {
		facts.Notes = maps.Clone(d.Notes)
	}
	return facts
}

// Restore says that the execution which goes on now was made in an earlier part of the run.
func (f *frame) Restore(at *plan.Site, facts plan.Facts) {
	if facts.Attempts > 1 {
		f.records[at.Index-f.offset].Retries += uint32(facts.Attempts - 1)
		f.try(at.Index, facts.Attempts)
	}
	f.at.begun -= int64(facts.Elapsed)
	f.replayed = true
	for key, value := range facts.Notes {
		f.Note(at, key, value)
	}
}
