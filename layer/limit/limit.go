package limit

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
)

// Limit is a Limiter whose size can be changed while it is in use. Those who wait are served in the order in which they
// came. A permit that is free costs one atomic operation and no allocation, and so does giving one back when nobody waits.
// The zero value has no permits. A Limit must not be copied after first use.
type Limit struct {
	// free is how many permits are free; below zero, how many takers have none on its way. A taker is an Acquire that
	// waits or a shrink that was not met yet. Who takes it below zero becomes a taker; who raises it from below zero owes
	// a permit, which deliver hands to a taker. So nobody who comes later can overtake a taker.
	free atomic.Int64

	mu      sync.Mutex
	size    int
	shrink  int64 // permits that are to vanish as they are given back
	early   int64 // permits delivered before their takers had queued
	waiters line
}

// New makes a Limit of n permits. With n below 1 it has none: Acquire then waits until SetSize gives it some, and a layer
// refuses it when the step is compiled.
func New(n int) *Limit {
	l := &Limit{size: max(n, 0)}
	l.free.Store(int64(l.size))
	return l
}

var _ Limiter = (*Limit)(nil)

// Acquire waits for a permit, behind those who came before.
func (l *Limit) Acquire(ctx context.Context) error {
	if l.free.Add(-1) >= 0 {
		return nil
	}
	return l.wait(ctx)
}

// Release gives a permit back. Calling it without a permit makes the limit larger by one; that is the caller's mistake and
// is not found out.
func (l *Limit) Release() {
	if l.free.Add(1) <= 0 {
		l.deliver(1)
	}
}

// Size is how many permits there are in all, held or free.
func (l *Limit) Size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.size
}

// InUse is how many permits are held. It is a momentary figure, for show.
func (l *Limit) InUse() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.size+int(l.shrink)-int(max(0, l.free.Load())))
}

// SetSize changes how many permits there are. Permits that are held are never revoked: a smaller limit is reached as they
// are given back. A size below 1 or above math.MaxInt32 is an error, and the old size stays.
func (l *Limit) SetSize(n int) error {
	if n < 1 || n > math.MaxInt32 {
		return fmt.Errorf("limit: size %d: give 1 to %d", n, math.MaxInt32)
	}
	l.mu.Lock()
	more := int64(n - l.size)
	l.size = n
	if more < 0 {
		// Free permits vanish at once; for the rest the shrink is a taker that comes before all others.
		l.shrink += min(-more, max(0, -l.free.Add(more)))
	}
	l.mu.Unlock()
	if more > 0 {
		if before := l.free.Add(more) - more; before < 0 {
			l.deliver(min(more, -before))
		}
	}
	return nil
}

// wait waits for a permit in this goroutine. The caller has become a taker.
func (l *Limit) wait(ctx context.Context) error {
	ready := make(signal)
	at := l.queue(ready)
	if at == nil {
		return nil
	}
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
	}
	at.Leave()
	return ended(ctx)
}

// signal wakes a goroutine that waits for it to be closed.
type signal chan struct{}

// Wake is called once.
func (s signal) Wake() { close(s) }

// deliver hands n owed permits to takers.
func (l *Limit) deliver(n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ; n > 0; n-- {
		switch {
		case l.shrink > 0:
			l.shrink--
		case l.waiters.first != nil:
			if !l.waiters.first.deliver() && l.free.Add(1) <= 0 {
				n++ // it goes to the next
			}
		default:
			l.early++
		}
	}
}
