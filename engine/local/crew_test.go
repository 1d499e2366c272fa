package local

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// gang counts what its crew does.
type gang struct {
	crew
	taken   []atomic.Int32
	at      atomic.Int32
	most    atomic.Int32
	mu      sync.Mutex
	callers int
	block   func(i int)
}

func (g *gang) first(i int) {
	g.mu.Lock()
	g.callers++
	g.mu.Unlock()
	g.more(i)
}

func (g *gang) more(i int) {
	for ; i >= 0; i = g.take() {
		n := g.at.Add(1)
		for m := g.most.Load(); n > m && !g.most.CompareAndSwap(m, n); m = g.most.Load() {
		}
		g.taken[i].Add(1)
		if g.block != nil {
			g.block(i)
		}
		g.at.Add(-1)
	}
}

func TestACrewDoesEachNumberOnceAndNoMoreThanItsWidthAtATime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, width int }{{0, 3}, {1, 0}, {1000, 1}, {1000, 3}, {1000, 0}, {5, 50}} {
		g := &gang{taken: make([]atomic.Int32, c.n)}
		g.begin(c.n, c.width, g)
		for i := range g.taken {
			if k := g.taken[i].Load(); k != 1 {
				t.Fatalf("%d at %d a time: number %d was done %d times", c.n, c.width, i, k)
			}
		}
		if width := int32(c.width); width > 0 && g.most.Load() > width {
			t.Errorf("%d at %d a time: %d worked at once", c.n, c.width, g.most.Load())
		}
		if c.n > 0 && g.callers != 1 {
			t.Errorf("the caller worked %d times", g.callers)
		}
	}
}

func TestWorkThatBlocksGetsAllItsWorkers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const n = 8
		gate := make(chan struct{})
		g := &gang{taken: make([]atomic.Int32, n), block: func(int) { <-gate }}
		go g.begin(n, 0, g)
		synctest.Wait()
		if got := g.at.Load(); got != n {
			t.Errorf("%d of %d have begun", got, n)
		}
		close(gate)
	})
}
