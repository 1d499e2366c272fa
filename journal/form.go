package journal

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// Form is what all requests of a step have in common. It is made once, when the plan is, and shared by all runs: it must not be changed.
// The zero value takes every answer, for ever.
type Form struct {
	// Schema, Options and Assignees are those of the requests.
	Schema             json.RawMessage
	Options, Assignees []string
	// Within is how long an answer is taken, from when it is first asked; 0: for ever.
	Within time.Duration
	// Check says whether an answer fits and gives the value that the step gets; nil: every answer fits.
	Check func(any) (any, error)
}

// empty says that there is nothing to show of the form.
func (f *Form) empty() bool { return f.Schema == nil && f.Options == nil && f.Assignees == nil }

// shows says that both look the same in a request. Where they share their lists that costs little.
func (f *Form) shows(o *Form) bool {
	return bytes.Equal(f.Schema, o.Schema) && (f.Schema == nil) == (o.Schema == nil) && equal(f.Options, o.Options) && equal(f.Assignees, o.Assignees)
}

func equal(a, b []string) bool { return slices.Equal(a, b) && (a == nil) == (b == nil) }

// copied is what there is to show, in memory of its own.
func (f *Form) copied() *Form {
	return &Form{Schema: slices.Clone(f.Schema), Options: slices.Clone(f.Options), Assignees: slices.Clone(f.Assignees)}
}

// forms are some that were seen last, so that the requests of many runs share one. The zero value is ready; it is safe for several
// goroutines.
type forms struct {
	mu     sync.Mutex
	recent [8]*Form
	at     int // the oldest
}

// of is the form of a request, nil for none. It shares nothing with the request.
func (f *forms) of(r *Request) *Form {
	form := Form{Schema: r.Schema, Options: r.Options, Assignees: r.Assignees}
	if form.empty() {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, seen := range f.recent {
		if seen != nil && seen.shows(&form) {
			return seen
		}
	}
	made := form.copied()
	f.recent[f.at] = made
	f.at = (f.at + 1) % len(f.recent)
	return made
}
