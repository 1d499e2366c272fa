// Package pool holds typed pools of objects that are used again: bounded, counted, and trimmed to what is needed. They are for
// objects that cost more to make than a pool costs to ask (100 to 300 ns): make a small one anew, and where neither bound nor
// figures are wanted, sync.Pool costs a third or less.
//
// An object belongs to whoever got it until it is put back, and to the pool from then on. Built with -tags weirdebug, a pool
// poisons what was put back and panics when it was put back twice or written to after.
package pool

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// DefaultMax is how many free objects a pool keeps where its Config does not say.
const DefaultMax = 1000

// Config says what a pool holds. The zero value is a pool of zero values of T.
type Config[T any] struct {
	// New makes an object when none is free. Nil: new(T).
	New func() *T
	// Reset makes an object that is put back as good as new. One whose Reset panics is dropped. Nil: it is set to the zero value.
	Reset func(*T)
	// Clean checks that: an object that it does not call clean, after Reset or when it is to be handed out, is dropped and counted. It
	// is also the place to let go of one that has grown too big to keep. Nil: Reset is trusted.
	Clean func(*T) bool
	// Max is how many free objects the pool keeps; what is put back beyond it is dropped and counted. 0: DefaultMax. Negative:
	// none, Get always makes one, and nothing is counted.
	Max int
}

// Pool holds free objects of a type. Use New to make one. It is safe for use by several goroutines at once, and parted so that
// they seldom wait for each other.
type Pool[T any] struct {
	config Config[T]
	// shards are a power of two; none: nothing is pooled.
	shards []shard[T]
	guard  guard[T]

	// Seldom things are counted here: Gets that found none; objects that were put back and dropped, for want of room or as not
	// clean; objects that were no longer clean when they were to be handed out.
	misses, overflow, dirty, stale atomic.Int64

	mu  sync.Mutex // guards max, and serialises SetMax
	max int
}

// New makes a pool that is empty.
func New[T any](c Config[T]) *Pool[T] {
	p := &Pool[T]{config: c, max: c.Max}
	if c.Max < 0 {
		p.max = 0
		return p
	}
	if c.Max == 0 {
		p.max = DefaultMax
	}
	p.shards = make([]shard[T], width())
	p.share()
	return p
}

// Get gives a free object, or else makes one. An object that was put back is as Reset left it.
func (p *Pool[T]) Get() *T {
	if len(p.shards) == 0 {
		return p.make()
	}
	for v := p.take(); v != nil; v = p.take() {
		p.guard.got(v)
		if p.config.Clean == nil || p.config.Clean(v) {
			return v
		}
		p.stale.Add(1)
	}
	p.misses.Add(1)
	return p.make()
}

// Put takes an object back, from Get or new. The caller must not touch it afterwards. Nil is ignored.
func (p *Pool[T]) Put(v *T) {
	if v == nil || len(p.shards) == 0 {
		return
	}
	p.guard.returned(v)
	if !p.reset(v) {
		p.guard.gone(v)
		p.dirty.Add(1)
		return
	}
	p.guard.put(v)
	if !p.keep(v) {
		p.guard.gone(v)
		p.overflow.Add(1)
	}
}

// Trim drops the objects that were free all the time since the last trimming: the pool keeps as many as were in use at once. It
// happens by itself now and then as objects are put back; call it to let go of memory at once. It gives how many it dropped.
func (p *Pool[T]) Trim() int {
	n := 0
	for i := range p.shards {
		s := &p.shards[i]
		s.mu.Lock()
		n += p.trim(s)
		s.mu.Unlock()
	}
	return n
}

// SetMax changes how many free objects are kept; objects beyond it are dropped. A number below 1 is an error, and the old
// one is kept; so is every number for a pool that keeps none.
func (p *Pool[T]) SetMax(n int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n < 1 {
		return fmt.Errorf("pool: a pool cannot keep %d objects; it still keeps up to %d; give 1 or more", n, p.max)
	}
	if len(p.shards) == 0 {
		return fmt.Errorf("pool: this pool was made to keep no objects (Max is negative); make another one")
	}
	p.max = n
	p.share()
	return nil
}

// make makes an object.
func (p *Pool[T]) make() *T {
	if p.config.New == nil {
		return new(T)
	}
	return p.config.New()
}

// reset makes v as good as new and says whether it is.
func (p *Pool[T]) reset(v *T) (ok bool) {
	if p.config.Reset == nil {
		var zero T
		*v = zero
	} else if !p.tidied(v) {
		return false
	}
	return p.config.Clean == nil || p.config.Clean(v)
}

// tidied calls Reset and says whether it came to its end.
func (p *Pool[T]) tidied(v *T) (done bool) {
	defer func() {
		if !done {
			_ = recover()
		}
	}()
	p.config.Reset(v)
	return true
}
