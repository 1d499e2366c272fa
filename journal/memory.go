package journal

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Memory is a Store in memory: runs can be resumed as long as the process lives. It keeps every run until Delete, in little memory: a step that
// ended takes some 50 bytes and what its output takes. It takes values of any Go type, as copies. The zero value is ready; it must not
// be copied once used.
type Memory struct {
	copier  state.Copier
	forms   forms
	packers sync.Pool // of *packer

	mu    sync.Mutex
	runs  map[string]*kept
	fence int64
}

// kept is one run in memory, its records packed.
type kept struct {
	data   []byte
	values []any
	// fence is that of the last claim, below zero when it was given up.
	fence   int64
	records uint32
	last    uint32 // length in bytes of the last record
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
	case r.fence > 0:
		return Claim{}, ErrHeld
	}
	m.fence++
	r.fence = m.fence
	return Claim{Run: run, Fence: r.fence}, nil
}

// Append adds records.
func (m *Memory) Append(_ context.Context, c Claim, records []Record) error {
	p := m.packer()
	defer m.packed(p)
	last := 0
	for i := range records { // without the lock: copies of values may take their time
		last = len(p.data)
		p.record(&records[i])
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.runs[c.Run]
	if r == nil || r.fence <= 0 || r.fence != c.Fence {
		return ErrLost
	}
	for i := range records {
		if want := int64(r.records) + int64(i) + 1; records[i].Seq != want {
			return plan.Errorf(plan.CodeJournal, "record %d of run %s cannot follow number %d", records[i].Seq, c.Run, want-1)
		}
	}
	if len(records) > 0 {
		share(r.values, p.values)
		r.data, r.values = append(r.data, p.data...), append(r.values, p.values...)
		r.records, r.last = r.records+uint32(len(records)), uint32(len(p.data)-last)
	}
	return nil
}

// packer gives an empty packer, packed takes it back.
func (m *Memory) packer() *packer {
	if p, ok := m.packers.Get().(*packer); ok {
		return p
	}
	return &packer{copier: &m.copier, forms: &m.forms}
}

func (m *Memory) packed(p *packer) {
	const most = 64 << 10 // of a large batch the memory is given back
	if cap(p.data) > most || cap(p.values) > most {
		return
	}
	clear(p.values)
	p.data, p.values = p.data[:0], p.values[:0]
	m.packers.Put(p)
}

// shared is among how many of the last values of a run a text is looked for.
const shared = 8

// share lets long texts be those that the run has already: why a run pauses repeats the question.
func share(have, add []any) {
	have = have[max(0, len(have)-shared):]
	for i := range add {
		if text, ok := add[i].(string); ok {
			if at := slices.IndexFunc(have, func(v any) bool { s, ok := v.(string); return ok && s == text }); at >= 0 {
				add[i] = have[at]
			}
		}
	}
}

// Release gives the run back. One that has no records is forgotten.
func (m *Memory) Release(_ context.Context, c Claim) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.runs[c.Run]; r != nil && r.fence > 0 && r.fence == c.Fence {
		r.fence = -r.fence
		r.data, r.values = fitted(r.data), fitted(r.values) // it may rest for long
		if r.records == 0 {
			delete(m.runs, c.Run)
		}
	}
	return nil
}

// fitted is a list without the room that it grew for, where that is much.
func fitted[E any](list []E) []E {
	if cap(list)-len(list) <= len(list)/8 {
		return list
	}
	return append(make([]E, 0, len(list)), list...)
}

// Load gives copies of a run's records.
func (m *Memory) Load(_ context.Context, run string) ([]Record, error) {
	var r kept
	m.mu.Lock()
	if have := m.runs[run]; have != nil {
		r = *have // what is packed is never changed, so the rest is done without the lock
	}
	m.mu.Unlock()
	if r.records == 0 {
		return nil, nil
	}
	records := make([]Record, r.records)
	u := unpacker{data: string(r.data), values: r.values, copier: &m.copier}
	for i := range records {
		u.record(&records[i], int64(i+1))
	}
	return records, nil
}

// List gives what runs there are.
func (m *Memory) List(_ context.Context, f Filter) ([]Info, error) {
	var list []Info
	m.mu.Lock()
	for run, r := range m.runs {
		if r.records > 0 {
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

// info is what List tells of a run that has records. It reads the first and the last.
func (r *kept) info(run string) Info {
	first, last := peek(r.data, r.values), peek(r.data[len(r.data)-int(r.last):], nil)
	return Info{Run: run, Plan: first.Plan, Status: StatusOf(last.Type), Held: r.fence > 0, Began: first.At, Changed: last.At, Records: int(r.records)}
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

// String is for debuggers.
func (i Info) String() string {
	return fmt.Sprintf("%s %v %d records, changed %s", i.Run, i.Status, i.Records, i.Changed.Format(time.RFC3339))
}
