// Package limit is the layer that bounds how many executions of a step do their work at the same time.
//
// A permit is held only around leaf work, never while a step waits for its children: so limits cannot deadlock however
// steps are nested. A step that has children refuses the layer when it is compiled.
package limit

import (
	"context"
	"fmt"
	"strconv"

	"github.com/weirflow/weir/plan"
)

// Limiter gives out permits. It is safe for use by several goroutines.
type Limiter interface {
	// Acquire waits for a permit. It returns an error, and no permit, when ctx ends first; a permit that is free may be
	// given although ctx has ended.
	Acquire(ctx context.Context) error
	// Release gives a permit back. It never waits.
	Release()
}

// At lets at most n executions of the step work at once, over all runs of the plan. Each place in a plan where the layer
// stands has its own permits; use By to share them. An n below 1 is a mistake that Compile reports.
func At(n int) plan.Layer { return &layer{size: n} }

// Maker makes a Limiter of n permits for a place or a plan; with n below 1 it has none. Limit and, as its plain twin, Channel
// are what Maker chooses between, as the optimisation "limiter".
type Maker func(n int) Limiter

// Fast is the Maker of New.
func Fast(n int) Limiter { return New(n) }

// By lets executions of the step work while they hold a permit of l, which other steps and plans may share. A nil Limiter
// is a mistake that Compile reports.
//
// An error of Acquire is the step's failure. The permit is given back when the step returns, fails, panics or is stopped.
func By(l Limiter) plan.Layer { return &layer{by: l, shared: true} }

type layer struct {
	size   int     // of At
	by     Limiter // of By
	shared bool
}

// Name is "limit".
func (*layer) Name() string { return "limit" }

// Explain says how many may work at once.
func (y *layer) Explain() string {
	s, sized := y.by.(interface{ Size() int })
	switch {
	case !y.shared:
		return "lets " + strconv.Itoa(max(y.size, 0)) + " work at the same time, over all runs"
	case !sized:
		return "works only while it has a permit of a limiter that it shares with other steps"
	}
	return "works only while it has one of the " + plan.Count(s.Size(), "permit") + " that it shares with other steps, over all runs"
}

// Fingerprint is empty: when a step runs does not change what it answers.
func (*layer) Fingerprint() string { return "" }

// Reenters is true: a run that waits for a permit may leave its goroutine.
func (*layer) Reenters() bool { return true }

// Wrap holds a permit around next.
func (y *layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if at := b.Site(); at != nil && !at.Analysis.Leaf {
		b.Failf("a limit may not stand round a step of kind %q, which waits for other steps: it could wait for itself. "+
			"Put the limit on the leaf steps inside, or use the limit of the run", at.Kind)
		return next
	}
	if at := b.Site(); at != nil && at.Analysis.Waits {
		b.Failf("a limit may not stand round a step of kind %q, which waits for somebody and does no work meanwhile; "+
			"leave the limit out", at.Kind)
		return next
	}
	l := y.limiter(b)
	if l == nil {
		b.Failf("limit.By(nil): give a Limiter, or leave the limit out")
		return next
	}
	if s, ok := l.(interface{ Size() int }); ok && s.Size() < 1 {
		b.Failf("a limit of %d would never let the step run; give 1 or more", s.Size())
		return next
	}
	if b.Parks() {
		return parking(l, next)
	}
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		if err := l.Acquire(ctx); err != nil {
			return nil, err
		}
		defer l.Release()
		return next(ctx, f, in)
	}
}

// limiter is the one that holds here: for At one of this place.
func (y *layer) limiter(b *plan.Builder) Limiter {
	if y.shared {
		return y.by
	}
	if make, ok := plan.Component[Maker](b); ok {
		return make(y.size)
	}
	return New(y.size)
}

// ended is the error of a wait that was cut short.
func ended(ctx context.Context) error {
	return fmt.Errorf("stopped while waiting for a permit of the step's limit: %w", context.Cause(ctx))
}
