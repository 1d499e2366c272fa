package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"
)

// profiles are the files that --profile writes, without their ending.
func profiles() []string { return []string{"cpu", "heap", "mutex", "block"} }

// profileTime is how long a load runs at most for a profile of it; there are two.
const profileTime = 4 * time.Second

// profile runs the load on every core and writes its profiles; then it says what was waited for. Locks are watched in a time of their
// own: watching each of them costs, which would show in the profile of the CPU.
func (b *benchmark) profile(ctx context.Context, c *benchCommand, t terminal) error {
	if err := os.MkdirAll(c.Profile, 0o755); err != nil {
		return wrongUsage("--profile: %v", err)
	}
	d := min(profileTime, time.Duration(c.budget())*time.Second/4)
	if !c.Quiet {
		fmt.Fprintf(t.err, "profiling a concurrent load for %s\n", short(2*d))
	}
	if err := b.profileCPU(ctx, c.Profile, d); err != nil {
		return err
	}
	w, err := b.watchLocks(ctx, d)
	if err != nil {
		return err
	}
	runtime.GC() // so that the heap's profile is of now
	for _, name := range profiles()[1:] {
		if err := writeProfile(c.Profile, name); err != nil {
			return err
		}
	}
	out := t.out
	if c.JSON {
		out = t.err
	}
	p := newPage(out)
	w.write(p)
	p.text(2, "", 0, "Profiles of it are in "+c.Profile+"; look at one with: go tool pprof -top "+word(filepath.Join(c.Profile, "cpu.pprof")))
	_, err = p.b.WriteTo(out)
	return err
}

func (b *benchmark) profileCPU(ctx context.Context, dir string, d time.Duration) error {
	f, err := os.Create(filepath.Join(dir, "cpu.pprof"))
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(err, f.Close())
	}
	_, err = load(ctx, b.run, d)
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}

func writeProfile(dir, name string) error {
	f, err := os.Create(filepath.Join(dir, name+".pprof"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup(name).WriteTo(f, 0), f.Close())
}

// watchLocks runs the load with every wait for a lock or a channel recorded.
func (b *benchmark) watchLocks(ctx context.Context, d time.Duration) (*loadWaits, error) {
	before := runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(1)
	begun := time.Now()
	runs, err := load(ctx, b.run, d)
	took := time.Since(begun)
	runtime.SetBlockProfileRate(0)
	runtime.SetMutexProfileFraction(before)
	if err != nil {
		return nil, err
	}
	return gatherWaits(runs, took, runtime.GOMAXPROCS(0)), nil
}

// load calls run on every core for a time and counts. The caller's goroutine is one of those that run: it would else wait all the time,
// and its wait be the longest of the profile.
func load(ctx context.Context, run func(context.Context) error, d time.Duration) (runs int, err error) {
	var over atomic.Bool // cheaper to look at after each run than the clock
	defer time.AfterFunc(d, func() { over.Store(true) }).Stop()
	defer context.AfterFunc(ctx, func() { over.Store(true) })()
	counts, errs := make([]int, runtime.GOMAXPROCS(0)), make([]error, runtime.GOMAXPROCS(0))
	worker := func(i int) {
		for !over.Load() {
			if errs[i] = run(ctx); errs[i] != nil {
				over.Store(true)
				return
			}
			counts[i]++
		}
	}
	var all sync.WaitGroup
	for i := range len(counts) - 1 {
		all.Go(func() { worker(i + 1) })
	}
	worker(0)
	all.Wait()
	for _, n := range counts {
		runs += n
	}
	if ctx.Err() != nil {
		return runs, context.Cause(ctx)
	}
	return runs, errors.Join(errs...)
}
