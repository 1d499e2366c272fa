package plan

import (
	"context"
	"time"
)

// Sleeper is a Frame that is told of a wait between steps in its goroutine, so that it counts as no step's time.
type Sleeper interface {
	Frame
	// Slept says that a wait is over.
	Slept()
}

// Sleep waits, in the strand of f. It returns early, with the context's error, when that ends first. It is the plain twin of a Rest, in the idiom
// of a timer in a select.
func Sleep(ctx context.Context, f Frame, wait time.Duration) error {
	t := time.NewTimer(wait)
	defer t.Stop()
	if s, ok := f.(Sleeper); ok {
		defer s.Slept()
	}
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// LeastRest is the shortest wait for which a strand leaves its goroutine: a shorter one is over before the memory would be of use.
const LeastRest = 5 * time.Millisecond

// Rest is a wait for a time by a strand that leaves its goroutine.
type Rest struct {
	due   time.Time
	timer *time.Timer
}

// RestFor begins a wait after which w is woken.
func RestFor(wait time.Duration, w Waker) *Rest {
	r := &Rest{due: time.Now().Add(wait)}
	r.timer = time.AfterFunc(wait, w.Wake)
	return r
}

// Over says how the wait stands: nil when it is over, the context's error when that ended first, and else ErrParked.
func (r *Rest) Over(ctx context.Context) error {
	switch {
	case !time.Now().Before(r.due):
		return nil
	case ctx.Err() != nil:
		r.timer.Stop()
		return ctx.Err()
	}
	return ErrParked
}
