package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"
)

// profiles are the files that --profile writes, without their ending.
func profiles() []string { return []string{"cpu", "heap", "mutex", "block"} }

// profileTime is how long a load runs at most for a profile of it; there are two.
const profileTime = 4 * time.Second

// profile keeps the load going and writes its profiles; then it says what was waited for. Locks are watched in a time of their
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
	w, err := b.traffic.Watch(ctx, d)
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
	writeContention(p, w)
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
	_, err = b.traffic.For(ctx, d)
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
