// Package cancel has a context that many make and few wait for: it makes a channel, and takes a place among its parent's children, only
// once somebody asks for Done.
package cancel

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Lazy is a context that can be ended. Asking whether it has ended is an atomic load. Begin readies it; it must not be copied after
// that. It is safe for use by several goroutines.
type Lazy struct {
	parent  context.Context
	ended   atomic.Bool
	mu      sync.Mutex
	derived atomic.Pointer[derived]
}

var _ context.Context = (*Lazy)(nil)

// derived is a standard context made for those who wait for Done.
type derived struct {
	context.Context
	cancel context.CancelCauseFunc
}

// Begin gives the context its parent.
func (l *Lazy) Begin(parent context.Context) { l.parent = parent }

// Parent is the context's parent.
func (l *Lazy) Parent() context.Context { return l.parent }

// Deadline is the parent's.
func (l *Lazy) Deadline() (time.Time, bool) { return l.parent.Deadline() }

// Err says whether the context or its parent has ended.
func (l *Lazy) Err() error {
	if l.ended.Load() {
		return context.Canceled
	}
	return l.parent.Err()
}

// Done makes the channel on first use.
func (l *Lazy) Done() <-chan struct{} {
	if d := l.derived.Load(); d != nil {
		return d.Done()
	}
	return l.derive().Done()
}

// Eager makes the channel now and gives the standard context that has it: the plain twin of a Lazy, in the idiom of context.WithCancel
// before the work begins. End ends it.
func (l *Lazy) Eager() context.Context { return l.derive() }

// derive makes the standard context.
func (l *Lazy) derive() *derived {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.derived.Load()
	if d == nil {
		d = &derived{}
		d.Context, d.cancel = context.WithCancelCause(l.parent)
		l.derived.Store(d)
		if l.ended.Load() {
			d.cancel(nil)
		}
	}
	return d
}

// Value asks the derived context first, so that contexts made from this one find a parent that they can register with.
func (l *Lazy) Value(key any) any {
	if d := l.derived.Load(); d != nil {
		return d.Value(key)
	}
	return l.parent.Value(key)
}

// Ended says that End was called, which the parent's end does not.
func (l *Lazy) Ended() bool { return l.ended.Load() }

// End ends the context. It may be called more than once; the first cause counts, and nil is context.Canceled.
func (l *Lazy) End(cause error) {
	if cause != nil {
		l.derive().cancel(cause) // which can say why
	}
	l.ended.Store(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	if d := l.derived.Load(); d != nil {
		d.cancel(nil)
	}
}
