package local

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// account is what a run has used so far. It is made when the first step reports something.
type account struct {
	total  usage.Usage
	breach error
}

// Report takes what the step that runs in this strand used. It never fails the step: a breach of the run's limits ends the
// run after the step that caused it (spec/core.md §7.4).
func (s *strand) Report(u usage.Usage) error {
	s.count(u)
	if r := s.run; r.job != nil && r.job.Meter != nil {
		meter(s, r.job.Meter, u)
	}
	return nil
}

// count adds to what the run and the step have used.
func (s *strand) count(u usage.Usage) {
	r := s.run
	r.mu.Lock()
	if r.account == nil {
		r.account = &account{}
	}
	r.account.total = r.account.total.Add(u)
	if r.job != nil && r.account.breach == nil {
		r.account.breach = r.job.Limits.Check(r.account.total)
	}
	if s.pending == nil {
		s.pending = &usage.Usage{}
	}
	*s.pending = s.pending.Add(u)
	s.used.Store(true)
	r.mu.Unlock()
}

// Reserve sets usage aside for the step that runs.
func (s *strand) Reserve(usage.Usage) error { return nil }

// Release gives back what was set aside and not used.
func (s *strand) Release() {}

// Pending is what was reported for the step that runs.
func (s *strand) Pending() usage.Usage {
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	if s.pending == nil {
		return usage.Usage{}
	}
	return *s.pending
}

// Replay counts what a step used in an earlier part of the run; meters have been told.
func (s *strand) Replay(u usage.Usage) {
	if u != (usage.Usage{}) {
		s.count(u)
	}
}

// meter tells the injected meter; what it does wrong does not reach the run.
func meter(ctx context.Context, m usage.Meter, u usage.Usage) {
	defer func() { _ = recover() }()
	m.Add(ctx, u)
}

// settle books what was reported since the last step on the site, and gives the breach if a limit was passed.
func (f *frame) settle(site *plan.Site) error {
	r := f.run
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := f.strand.pending; p != nil {
		if r.keep || r.watched() {
			if site != nil {
				d := r.detail(site.Index)
				d.Usage = d.Usage.Add(*p)
			}
		}
		*p = usage.Usage{}
	}
	f.strand.used.Store(false)
	if r.account != nil {
		return r.account.breach
	}
	return nil
}
