package plan

import (
	"context"
	"time"
)

// Sleep waits. It returns early, with the context's error, when that ends first. It is the plain twin of a Rest, in the idiom of a timer in a
// select.
func Sleep(ctx context.Context, wait time.Duration) error {
	t := time.NewTimer(wait)
	defer t.Stop()
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
