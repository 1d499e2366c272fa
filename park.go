package weir

import (
	"context"
	"reflect"
	"sync"

	"github.com/weirflow/weir/engine"
)

// keeper keeps a run that has left its goroutine until it can go on. It is the run itself, under another name so that users of a Run do
// not see its methods.
type keeper[O any] Run[O]

// Park sees to it that the run is woken when its context ends.
func (k *keeper[O]) Park(p engine.Parked) {
	r := (*Run[O])(k)
	if r.of.away.join(r.life.Parent(), &r.away, p); r.life.Err() != nil {
		p.Wake()
	}
}

// Ready has the run go on in a goroutine of its own.
func (k *keeper[O]) Ready(p engine.Parked) {
	r := (*Run[O])(k)
	r.of.away.leave(&r.away)
	x := r.next()
	x.away = p
	go r.work(x)
}

// cancel ends the run's context. A run without a goroutine ends in one of its own.
func (r *Run[O]) cancel(cause error) {
	r.life.End(cause)
	r.of.away.rouse(&r.away)
}

// waiting is the place of a run in a crowd, which guards it.
type waiting struct {
	run          engine.Parked // nil: the run is not in the crowd
	under        *watch        // nil: nobody watches over it
	before, next *waiting
}

// crowd has those of a plan's runs that are without goroutines. To be woken when their contexts end they share a watch for each context that
// they were started with, since a place of its own among the context's children would take each run some hundred bytes. The zero value is ready.
type crowd struct {
	mu      sync.Mutex
	watches map[any]*watch
}

// watch wakes runs when the context ends that they were started with. The crowd's mu guards it.
type watch struct {
	key   any
	stop  func() bool
	first *waiting
}

// join takes a run in that was started with ctx. One that is in stays.
func (c *crowd) join(ctx context.Context, w *waiting, run engine.Parked) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.run = run; w.under != nil || ctx.Done() == nil {
		return
	}
	key := any(w)
	if reflect.ValueOf(ctx).Comparable() {
		key = ctx
	}
	under := c.watches[key]
	if under == nil {
		under = &watch{key: key}
		under.stop = context.AfterFunc(ctx, func() { c.wake(under) })
		if c.watches == nil {
			c.watches = map[any]*watch{}
		}
		c.watches[key] = under
	}
	w.under, w.before, w.next = under, nil, under.first
	if w.next != nil {
		w.next.before = w
	}
	under.first = w
}

// leave lets a run go.
func (c *crowd) leave(w *waiting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w.run = nil
	under := w.under
	if under == nil {
		return
	}
	if w.before != nil {
		w.before.next = w.next
	} else {
		under.first = w.next
	}
	if w.next != nil {
		w.next.before = w.before
	}
	w.under, w.before, w.next = nil, nil, nil
	if under.first == nil && c.watches[under.key] == under {
		under.stop()
		delete(c.watches, under.key)
	}
}

// rouse wakes a run, if it is in the crowd.
func (c *crowd) rouse(w *waiting) {
	c.mu.Lock()
	run := w.run
	c.mu.Unlock()
	if run != nil {
		run.Wake()
	}
}

// wake wakes the runs under a context that has ended.
func (c *crowd) wake(under *watch) {
	for _, run := range c.all(under) {
		run.Wake()
	}
}

// all gives the runs under a watch, which takes in no more.
func (c *crowd) all(under *watch) (runs []engine.Parked) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watches[under.key] == under {
		delete(c.watches, under.key)
	}
	for w := under.first; w != nil; w = w.next {
		runs = append(runs, w.run)
	}
	return runs
}
