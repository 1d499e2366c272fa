package local

import (
	"sync/atomic"

	"github.com/weirflow/weir/usage"
)

// ledger is what a strand has used and may use. Strands have one once it is needed; the run's mu guards what is in it.
type ledger struct {
	// used says that usage was reported or set aside, and not yet settled with the step.
	used atomic.Bool
	// pending is what was reported for the step that runs.
	pending usage.Usage
	// budget is what is taken from; nil: there are no limits.
	budget *usage.Budget
	// reserved is what was set aside of it for the step that runs.
	reserved usage.Usage
	// breach is the first limit that the strand passed. Nothing more is set aside after it.
	breach error
}

// unsettled says that usage was reported or set aside, and not yet settled with the step. It is asked after every step.
func (s *strand) unsettled() bool {
	l := s.ledger.Load()
	return l != nil && l.used.Load()
}

// book gives the strand's ledger, made on first use. The caller holds the run's mu.
func (s *strand) book() *ledger {
	l := s.ledger.Load()
	if l == nil {
		l = &ledger{}
		s.ledger.Store(l)
	}
	return l
}

// spend takes what was used from the budget: what was set aside for it, and then what is left.
func (l *ledger) spend(u usage.Usage) error {
	if l.budget == nil {
		return nil
	}
	held := usage.Usage{
		Requests:    min(l.reserved.Requests, u.Requests),
		InputTokens: min(l.reserved.InputTokens, u.Tokens()),
		Cost:        min(l.reserved.Cost, u.Cost),
	}
	l.reserved.Requests -= held.Requests
	l.reserved.InputTokens -= held.InputTokens
	l.reserved.Cost -= held.Cost
	return l.budget.Reconcile(held, u)
}

// release gives back what is set aside.
func (l *ledger) release() {
	if !l.reserved.IsZero() {
		l.budget.Release(l.reserved)
		l.reserved = usage.Usage{}
	}
}

// Reserve sets usage aside for the step that runs.
func (s *strand) Reserve(u usage.Usage) error {
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	l := s.ledger.Load()
	switch {
	case l == nil || l.budget == nil:
		return nil
	case l.breach != nil:
		return l.breach
	}
	if err := l.budget.Reserve(u); err != nil {
		return err
	}
	// Tokens are one number here, whichever way they go.
	l.reserved = l.reserved.Add(usage.Usage{Requests: u.Requests, InputTokens: u.Tokens(), Cost: u.Cost})
	l.used.Store(true) // the end of the step sees to what is left of it
	return nil
}

// Release gives back what was set aside and not used.
func (s *strand) Release() {
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	if l := s.ledger.Load(); l != nil {
		l.release()
	}
}

// Budget is what the strand takes from.
func (s *strand) Budget() *usage.Budget {
	if s.ledger.Load() == nil {
		return nil
	}
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	return s.book().budget
}

// Draw sets what the strand takes from. What is set aside is given back first to where it was taken from.
func (s *strand) Draw(b *usage.Budget) {
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	l := s.book()
	l.release()
	l.budget = b
}

// breach is the limit that the strand has passed, nil if none.
func (s *strand) breach() error {
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	if l := s.ledger.Load(); l != nil {
		return l.breach
	}
	return nil
}

// limit gives the strand of a run its budget, if there are limits.
func (s *strand) limit(l usage.Limits) error {
	if !l.Calls.Set() && !l.Tokens.Set() && !l.Cost.Set() {
		return nil
	}
	b, err := usage.NewBudget(l)
	s.draw(b)
	return err
}

// draw makes strands that start in this one take from b.
func (s *strand) draw(b *usage.Budget) {
	if b != nil {
		s.ledger.Store(&ledger{budget: b})
	}
}

// divide gives each branch its share of what the strand takes from.
func (s *strand) divide(branches []strand) {
	b := s.Budget()
	if b == nil {
		return
	}
	shares, _ := b.Split(len(branches)) // there is at least one
	for i, share := range shares {
		branches[i].draw(share)
	}
}

// giveBack ends the strand of a branch: what its share has left is its parent's again.
func (s *strand) giveBack() {
	if s.ledger.Load() != nil {
		s.Budget().Return()
	}
}
