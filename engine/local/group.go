package local

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// group is the context of branches or items that run at the same time: it ends them together. Asking whether it has ended is
// an atomic load; a channel, and a place among the parent's children, exists only once somebody asks for Done.
type group struct {
	ctx     context.Context // the parent
	ended   atomic.Bool
	mu      sync.Mutex
	derived atomic.Pointer[derived]
}

// derived is a standard context made for those who wait for Done.
type derived struct {
	context.Context
	cancel context.CancelFunc
}

// Deadline is the parent's.
func (g *group) Deadline() (time.Time, bool) { return g.ctx.Deadline() }

// Err says whether the group or its parent has ended.
func (g *group) Err() error {
	if g.ended.Load() {
		return context.Canceled
	}
	return g.ctx.Err()
}

// Done makes the channel on first use.
func (g *group) Done() <-chan struct{} {
	if d := g.derived.Load(); d != nil {
		return d.Done()
	}
	return g.derive().Done()
}

// derive makes the standard context. The plain twin of the group, in the idiom of context.WithCancel before the goroutines start,
// does so at once, and branches have it as their parent.
func (g *group) derive() *derived {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.derived.Load()
	if d == nil {
		d = &derived{}
		d.Context, d.cancel = context.WithCancel(g.ctx)
		g.derived.Store(d)
		if g.ended.Load() {
			d.cancel()
		}
	}
	return d
}

// Value asks the derived context first, so that contexts made from this one find a parent that they can register with.
func (g *group) Value(key any) any {
	if d := g.derived.Load(); d != nil {
		return d.Value(key)
	}
	return g.ctx.Value(key)
}

// end stops the group. It may be called more than once.
func (g *group) end() {
	g.ended.Store(true)
	g.mu.Lock()
	defer g.mu.Unlock()
	if d := g.derived.Load(); d != nil {
		d.cancel()
	}
}
