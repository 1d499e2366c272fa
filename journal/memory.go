package journal

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Memory is a Store in memory: runs can be resumed as long as the process lives. It keeps every run until Delete. It takes values
// of any Go type, as copies. The zero value is ready; it must not be copied once used.
type Memory struct {
	copier state.Copier
	mu     sync.Mutex
	runs   map[string]*kept
	fence  int64
}

// kept is one run in memory.
type kept struct {
	records []Record
	fence   int64
	held    bool
}

// NewMemory makes an empty store.
func NewMemory() *Memory { return &Memory{} }

var _ Store = (*Memory)(nil)

// Claim takes the run.
func (m *Memory) Claim(_ context.Context, run string) (Claim, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.runs[run]
	switch {
	case r == nil:
		if m.runs == nil {
			m.runs = map[string]*kept{}
		}
		r = &kept{}
		m.runs[run] = r
	case r.held:
		return Claim{}, ErrHeld
	}
	m.fence++
	r.held, r.fence = true, m.fence
	return Claim{Run: run, Fence: r.fence}, nil
}

// Append adds records.
func (m *Memory) Append(_ context.Context, c Claim, records []Record) error {
	added := make([]Record, len(records))
	for i := range records {
		added[i] = m.copy(&records[i])
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.runs[c.Run]
	if r == nil || !r.held || r.fence != c.Fence {
		return ErrLost
	}
	for i := range added {
		if want := int64(len(r.records) + i + 1); added[i].Seq != want {
			return plan.Errorf(plan.CodeJournal, "record %d of run %s cannot follow number %d", added[i].Seq, c.Run, want-1)
		}
	}
	r.records = append(r.records, added...)
	return nil
}

// Release gives the run back. One that has no records is forgotten.
func (m *Memory) Release(_ context.Context, c Claim) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.runs[c.Run]; r != nil && r.fence == c.Fence {
		r.held = false
		if len(r.records) == 0 {
			delete(m.runs, c.Run)
		}
	}
	return nil
}

// Load gives copies of a run's records.
func (m *Memory) Load(_ context.Context, run string) ([]Record, error) {
	m.mu.Lock()
	var records []Record
	if r := m.runs[run]; r != nil {
		records = slices.Clone(r.records) // records are never changed, so the rest is done without the lock
	}
	m.mu.Unlock()
	for i := range records {
		records[i] = m.copy(&records[i])
	}
	return records, nil
}

// List gives what runs there are.
func (m *Memory) List(_ context.Context, f Filter) ([]Info, error) {
	var list []Info
	m.mu.Lock()
	for run, r := range m.runs {
		if len(r.records) > 0 {
			list = append(list, r.info(run))
		}
	}
	m.mu.Unlock()
	return f.Pick(list), nil
}

// Delete forgets a run.
func (m *Memory) Delete(_ context.Context, run string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.runs, run)
	return nil
}

// Len is how many runs there are.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.runs)
}

// info is what List tells of a run that has records.
func (r *kept) info(run string) Info {
	first, last := &r.records[0], &r.records[len(r.records)-1]
	return Info{Run: run, Plan: first.Plan, Status: StatusOf(last.Type), Held: r.held, Began: first.At, Changed: last.At, Records: len(r.records)}
}

// Pick gives those of a list that the filter picks, in the order of List: for stores that have all runs at hand.
func (f Filter) Pick(list []Info) []Info {
	list = slices.DeleteFunc(list, func(i Info) bool {
		return f.Status != plan.NotRun && i.Status != f.Status || f.Plan != "" && i.Plan != f.Plan || !f.Before.IsZero() && !i.Changed.Before(f.Before)
	})
	slices.SortFunc(list, func(a, b Info) int { return cmp.Or(b.Changed.Compare(a.Changed), cmp.Compare(a.Run, b.Run)) })
	limit := f.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	return list[:min(len(list), limit)]
}

// copy is a record that shares nothing with r that anybody could change.
func (m *Memory) copy(r *Record) Record {
	c := *r
	c.At = c.At.Round(0) // as other stores give it: without the reading of a monotonic clock
	c.Value = m.copier.Copy(r.Value)
	c.State = slices.Clone(r.State)
	for i := range c.State {
		c.State[i].Value = m.copier.Copy(c.State[i].Value)
	}
	if r.Notes != nil {
		c.Notes = m.copier.Copy(maps.Clone(r.Notes)).(map[string]any)
	}
	if r.Failure != nil {
		c.Failure = new(*r.Failure)
	}
	if r.Request != nil {
		c.Request = new(*r.Request)
	}
	return c
}

// String is for debuggers.
func (i Info) String() string {
	return fmt.Sprintf("%s %v %d records, changed %s", i.Run, i.Status, i.Records, i.Changed.Format(time.RFC3339))
}
