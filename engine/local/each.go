package local

import (
	"context"
	"slices"
	"sync"

	"github.com/weirflow/weir/internal/cancel"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// spread is one Items that runs: workers take items by number, each with a strand and records of its own, so that memory
// grows with the number of workers only.
type spread struct {
	cancel.Lazy
	crew
	from *frame
	it   *plan.Items
	// budget is what all items take from, nil for no limits.
	budget *usage.Budget

	mu    sync.Mutex // guards what follows and the caller's records
	worst error
	rank  int
	by    int // the item that worst is of: among equals the first in the list
}

// Each runs it.Block for every item.
func (f *frame) Each(ctx context.Context, it *plan.Items) error {
	s := &spread{from: f, it: it}
	s.Begin(ctx)
	if s.budget = f.strand.Budget(); min(it.Width, it.N) > 1 {
		s.budget = s.budget.Common()
	}
	if f.run.prog.Twins.LazyCancel {
		s.Eager()
	}
	if f.run.prog.Twins.Crew {
		s.crew.goroutines(it.N, max(it.Width, 1), s)
	} else {
		s.crew.begin(it.N, max(it.Width, 1), s)
	}
	s.End(nil)
	f.last = clock()
	if s.worst == nil && ctx.Err() != nil {
		return stopped(ctx, nil)
	}
	return s.worst
}

func (s *spread) first(i int) { s.items(i) }
func (s *spread) more(i int)  { s.items(i) }

// items runs items from the one given on until none is left or the group has ended.
func (s *spread) items(i int) {
	own := &strand{parent: &s.Lazy, run: s.from.run}
	if own.run.prog.Twins.LazyCancel {
		own.parent = s.Eager()
	}
	own.draw(s.budget)
	f := own.run.frame(own, s.it.Block.Lo, s.it.Block.Hi, clock())
	f.rounds, f.tries = append(append(f.rounds, s.from.rounds...), 0), append(f.tries, s.from.lively()...)
	var waits []int // the records of steps that wait: later items go on over them
	defer func() {
		s.mu.Lock()
		for _, i := range waits {
			f.records[i].Status = plan.Paused
		}
		for i := range f.records {
			s.from.records[f.offset-s.from.offset+i].Add(&f.records[i])
		}
		s.mu.Unlock()
		f.release()
	}()
	for ; i >= 0 && s.Err() == nil; i = s.take() {
		f.rounds[len(f.rounds)-1] = int32(i)
		if err := s.item(f, own, i); err != nil && plan.CodeOf(err) == plan.CodePaused {
			for n := range f.records {
				if f.records[n].Status == plan.Paused && !slices.Contains(waits, n) {
					waits = append(waits, n)
				}
			}
		}
	}
}

// item runs one item in a fork of the state and gives its error.
func (s *spread) item(f *frame, own *strand, i int) error {
	defer func() {
		if p := recover(); p != nil { // In or Done did: a mistake of the kind, which ends the step
			s.mu.Lock()
			s.worst, s.rank = caught(p), 5
			s.mu.Unlock()
			s.End(nil)
		}
	}()
	s.from.strand.scope.Fork(&own.scope)
	out, err := f.steps(own, s.it.Block, 0, s.it.In(i))
	if r := weight(err); r > 0 {
		s.mu.Lock()
		if r > s.rank || r == s.rank && i < s.by {
			s.worst, s.rank, s.by = err, r, i
		}
		s.mu.Unlock()
	}
	if err != nil && ends(err) {
		s.End(nil)
	}
	if s.it.Done(own, i, out, err) {
		s.End(nil)
	}
	return err
}
