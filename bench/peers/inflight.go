package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// held is what one run takes that waits in its fifth step.
type held struct{ bytes, goroutines float64 }

// flight starts n runs of a chain whose fifth step waits, measures when all of them do, and lets them go. A nil engine is the
// reference: goroutines that wait, and no more.
func flight(ctx context.Context, e *engine, n int) (held, error) {
	arrived, gate := make(chan struct{}, n), make(chan struct{})
	wait := func(_ context.Context, n int) (int, error) {
		arrived <- struct{}{}
		<-gate
		return n + 1, nil
	}
	graph, want := call(wait), 2
	if e != nil {
		var err error
		if graph, err = e.chain(ctx, ten(wait)); err != nil {
			return held{}, fmt.Errorf("%s: %w", e.name, err)
		}
		want = 1 + chainSteps
	}
	failed := make(chan error, n)
	var flying sync.WaitGroup
	before, count := inUse(), runtime.NumGoroutine()
	for range n {
		flying.Go(func() {
			if got, err := graph(ctx, 1); got != want || err != nil {
				failed <- wrong(got, want, err)
			}
		})
	}
	err := all(arrived, failed, n)
	after, most := inUse(), runtime.NumGoroutine()
	close(gate)
	flying.Wait()
	select {
	case late := <-failed:
		err = late
	default:
	}
	return held{float64(after-before) / float64(n), float64(most-count) / float64(n)}, err
}

// wrong says what is wrong with an answer. It stands apart to keep the frame small that every waiting run has below it.
//
//go:noinline
func wrong(got, want int, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("the answer is %d, not %d", got, want)
}

// all waits until n runs have arrived or one has failed.
func all(arrived <-chan struct{}, failed <-chan error, n int) error {
	for range n {
		select {
		case <-arrived:
		case err := <-failed:
			return err
		}
	}
	return nil
}

// inUse is the memory of heap and stacks after two collections: what a finalizer let go needs the second.
func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// inFlight measures the reference and every engine several times and gives the median of each.
func inFlight(ctx context.Context, list []engine, flights, times int) ([]figure, error) {
	contenders := []*engine{nil}
	for i := range list {
		contenders = append(contenders, &list[i])
	}
	bytes, goroutines := make([][]float64, len(contenders)), make([][]float64, len(contenders))
	for range times {
		for i, e := range contenders {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			h, err := flight(ctx, e, flights)
			if err != nil {
				return nil, fmt.Errorf("inflight: %w", err)
			}
			bytes[i], goroutines[i] = append(bytes[i], h.bytes), append(goroutines[i], h.goroutines)
		}
	}
	figures := make([]figure, len(contenders))
	for i, e := range contenders {
		figures[i] = figure{Workload: "inflight", Engine: "reference", Bytes: median(bytes[i]), Goroutines: median(goroutines[i]),
			XRef: ratio(bytes[i], bytes[0]), XWeir: ratio(bytes[i], bytes[1])}
		if e != nil {
			figures[i].Engine = e.name
		}
	}
	return figures, nil
}
