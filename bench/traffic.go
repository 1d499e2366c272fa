package bench

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/hook"
)

// Traffic is a load that goes on until it is stopped, to look at a process under it: with profiles, or with Watch.
type Traffic struct {
	// Run is one run; it is called by many goroutines at a time.
	Run func(ctx context.Context) error
	// InFlight is how many runs there are at a time. 0: one for each core.
	InFlight int
}

// ConcurrentTraffic is the workload concurrent: 256 runs in flight, each of ten steps with a retry, a budget, a cache that has nothing, a
// check and a hook.
func ConcurrentTraffic() (*Traffic, error) {
	p, err := weir.Compile(guarded(runtime.Gosched), &weir.Config{Hooks: []hook.Hook{&counter{}}})
	if err != nil {
		return nil, err
	}
	var id atomic.Int64
	return &Traffic{InFlight: inFlight, Run: func(ctx context.Context) error { return p10(ctx, p, int(id.Add(1))) }}, nil
}

func (t *Traffic) width() int {
	if t.InFlight > 0 {
		return t.InFlight
	}
	return runtime.GOMAXPROCS(0)
}

// For keeps the load going for a time and counts its runs. The error is the context's, or the first of a run, which ends it. The caller's goroutine is
// one of those that run: it would else wait all the time, and its wait be the longest of a profile.
func (t *Traffic) For(ctx context.Context, d time.Duration) (runs int, err error) {
	var over atomic.Bool // cheaper to look at after each run than the clock
	defer time.AfterFunc(d, func() { over.Store(true) }).Stop()
	defer context.AfterFunc(ctx, func() { over.Store(true) })()
	counts, errs := make([]int, t.width()), make([]error, t.width())
	worker := func(i int) {
		for done := false; !done; done = over.Load() {
			if errs[i] = t.Run(ctx); errs[i] != nil {
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
