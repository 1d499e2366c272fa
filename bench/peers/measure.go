package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// contender is one side of a comparison. Its work does n runs and fails if one of them fails or answers wrongly.
type contender struct {
	name string
	work func(n int) error
}

// sample is what was measured of one contender, the times round by round.
type sample struct {
	cpu    []float64 // ns of process CPU time a run, the collector's included
	wall   []float64 // ns a run
	allocs float64   // a run
	bytes  float64   // a run
}

// measure lets all contenders work in turn, in windows of about the same CPU time. Each round begins with another of them, and each
// window with a collected heap, so that a contender pays for its own garbage and no other.
func measure(ctx context.Context, all []contender, rounds int, window time.Duration) ([]sample, error) {
	samples, runs := make([]sample, len(all)), make([]int, len(all))
	for i, c := range all {
		n, err := calibrate(c.work, window)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		runs[i] = n
		if samples[i].allocs, samples[i].bytes, err = allocated(c.work, n); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	for round := range rounds {
		for turn := range all {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			i := (round + turn) % len(all)
			cpu, wall, err := timed(all[i].work, runs[i])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", all[i].name, err)
			}
			samples[i].cpu, samples[i].wall = append(samples[i].cpu, cpu), append(samples[i].wall, wall)
		}
	}
	return samples, nil
}

// calibrate finds how many runs fill a window.
func calibrate(work func(int) error, window time.Duration) (int, error) {
	for n := 1; ; n *= 2 {
		cpu, _, err := timed(work, n)
		if err != nil {
			return 0, err
		}
		if spent := cpu * float64(n); spent >= float64(window)/2 {
			return max(1, int(float64(window)/cpu)), nil
		}
	}
}

// timed gives the CPU and wall time of one of n runs, in ns.
func timed(work func(int) error, n int) (cpu, wall float64, err error) {
	runtime.GC()
	begun, spent := time.Now(), processTime()
	err = work(n)
	spent, passed := processTime()-spent, time.Since(begun)
	return float64(spent) / float64(n), float64(passed) / float64(n), err
}

// processTime is the CPU time that all threads of this process have used, in ns.
func processTime() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // the arguments are constants: it cannot fail
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// allocated gives what one of n runs allocates.
func allocated(work func(int) error, n int) (allocs, bytes float64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = work(n)
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(n), float64(after.TotalAlloc-before.TotalAlloc) / float64(n), err
}

// median of a list that is not empty.
func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// ratio is the median of the ratios of one round, which a neighbour on the machine moves less than the ratio of the medians.
func ratio(ours, theirs []float64) float64 {
	all := make([]float64, len(ours))
	for i := range ours {
		all[i] = ours[i] / theirs[i]
	}
	return median(all)
}
