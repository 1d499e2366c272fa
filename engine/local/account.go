package local

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// Report takes what the step that runs in this strand used. It never fails the step: a breach of a limit ends the run after the
// step that caused it (spec/core.md §7.4).
func (s *strand) Report(u usage.Usage) error {
	s.count(u)
	if r := s.run; r.job != nil && r.job.Terms != nil && r.job.Terms.Meter != nil {
		meter(s, r.job.Terms.Meter, u)
	}
	return nil
}

// count adds to what the run and the step have used, and takes it from the budget: first from what was set aside.
func (s *strand) count(u usage.Usage) {
	r := s.run
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.books()
	b.used = b.used.Add(u)
	l := s.book()
	l.pending = l.pending.Add(u)
	if err := l.spend(u); err != nil && l.breach == nil {
		l.breach = err
	}
	l.used.Store(true)
}

// Pending is what was reported for the step that runs.
func (s *strand) Pending() usage.Usage {
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	if l := s.ledger.Load(); l != nil {
		return l.pending
	}
	return usage.Usage{}
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

// settle books what was reported since the last step on the site, gives back what is still set aside, and gives the breach
// if a limit was passed.
func (f *frame) settle(site *plan.Site) error {
	r := f.run
	r.mu.Lock()
	defer r.mu.Unlock()
	l := f.strand.ledger.Load()
	if l == nil {
		return nil
	}
	l.used.Store(false)
	if site != nil && (r.keep || r.sums || r.watched()) && !l.pending.IsZero() {
		d := r.detail(site.Index)
		d.Usage = d.Usage.Add(l.pending)
	}
	l.pending = usage.Usage{}
	l.release()
	return l.breach
}
