package local

import (
	"sync"
	"sync/atomic"
)

// worker is what the members of a crew do: from the number i on, with take for the next ones.
type worker interface {
	// first works in the goroutine that began, more in one that was started.
	first(i int)
	more(i int)
}

// crew is the workers of one fork or map: each takes the next number and runs what it stands for. A worker is started only
// when one takes work while more is left and none is on its way, so short work does not pay for goroutines that would
// find nothing to do, and work that blocks gets its next worker at once.
type crew struct {
	total, width int64
	work         worker
	next         atomic.Int64
	started      atomic.Int64
	coming       atomic.Bool
	left         sync.WaitGroup
}

// goroutines is the plain twin of begin, in the idiom of a WaitGroup with a channel as its semaphore: a goroutine for each
// number, at most width at a time.
func (c *crew) goroutines(n, width int, work worker) {
	c.next.Store(int64(n)) // take finds nothing: each does one
	c.total = int64(n)
	if width <= 0 {
		width = n
	}
	places := make(chan struct{}, width)
	for i := range n {
		places <- struct{}{}
		c.left.Go(func() {
			defer func() { <-places }()
			work.more(i)
		})
	}
	c.left.Wait()
}

// begin does the numbers 0 to n-1, at most width at a time, and returns when all that were taken are done. Width 0 or less is
// all.
func (c *crew) begin(n, width int, work worker) {
	c.total, c.width, c.work = int64(n), int64(n), work
	if width > 0 {
		c.width = min(c.total, int64(width))
	}
	c.started.Store(1)
	if i := c.take(); i >= 0 {
		work.first(i)
	}
	c.left.Wait()
}

// take gives the next number, or -1 when none is left, and sees to it that somebody comes for the one after.
func (c *crew) take() int {
	i := c.next.Add(1) - 1
	if i >= c.total {
		return -1
	}
	if i+1 < c.total && c.started.Load() < c.width && c.coming.CompareAndSwap(false, true) {
		if c.started.Add(1) > c.width {
			c.coming.Store(false)
			return int(i)
		}
		c.left.Add(1)
		go c.join()
	}
	return int(i)
}

// join is a further worker.
func (c *crew) join() {
	defer c.left.Done()
	c.coming.Store(false)
	if i := c.take(); i >= 0 {
		c.work.more(i)
	}
}
