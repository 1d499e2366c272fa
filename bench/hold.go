package bench

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// flight is how many runs are held to see what one takes; resting how many of those that have no goroutine: the stacks of a process come and go by
// some hundred KB while it is measured, which is much of what two thousand such runs take.
const flight, resting = 2_000, 10_000

// calm is how many idle goroutines stand by while memory is measured. Go starts goroutines with a stack of the average size that it saw at the last
// collection; in a process that measures, that is twice what it is in a server full of goroutines that wait. They bring the average down.
const calm = 1000

// held starts n of something that then waits, and gives the memory and the goroutines of one. Start begins the i-th and returns when it waits or
// will wait soon; settle returns when all do; stop lets them end.
//
// What a process did before must not count: Go keeps the descriptor of a goroutine that has ended, some 0.4 KB, for the next, and its stack until the
// next collection. So as many goroutines as are needed have been there before, and no descriptor is counted; and the collector has taken the stacks.
func held(n int, start func(i int) error, settle, stop func() error) (bytes, goroutines float64, err error) {
	idle(calm + n)()
	runtime.GC()
	runtime.GC()
	release := idle(calm)
	defer release()
	before, count := inUse(), runtime.NumGoroutine()
	for i := range n {
		if err := start(i); err != nil {
			_ = stop()
			return 0, 0, err
		}
	}
	if err := settle(); err != nil {
		_ = stop()
		return 0, 0, err
	}
	after, most := inUse(), runtime.NumGoroutine()
	if err := stop(); err != nil {
		return 0, 0, err
	}
	return float64(after-before) / float64(n), float64(most-count) / float64(n), nil
}

// idle starts goroutines that do nothing until they are released.
func idle(n int) (release func()) {
	gate := make(chan struct{})
	var wait sync.WaitGroup
	for range n {
		wait.Go(func() { <-gate })
	}
	time.Sleep(time.Millisecond) // so that most have reached the gate: how many have changes little
	return func() {
		close(gate)
		wait.Wait()
	}
}

// arrivals counts those that have come to where they wait.
type arrivals chan struct{}

// all waits for n. Those that told are about to wait, so it gives them a moment.
func (a arrivals) all(ctx context.Context, n int) error {
	for range n {
		select {
		case <-a:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	time.Sleep(20 * time.Millisecond)
	return nil
}
