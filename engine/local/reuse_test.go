package local_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/pool"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

// how many runs a test makes: few, or many with LONG=1.
func many(few, long int) int {
	if os.Getenv("LONG") != "" {
		return long
	}
	return few
}

// runKey is the number of the run that a step is in.
var runKey = state.NewKey[int]("run")

// late are goroutines of steps that go on after their run; each looks at the context of its step then.
type late struct {
	wait  sync.WaitGroup
	wrong atomic.Int64
}

// check tests that a step was given what belongs to its run.
func check(ctx context.Context, n int) (int, error) {
	if got := runKey.Get(ctx); got != n {
		return 0, plan.Errorf(plan.CodeAborted, "a step of run %d sees the state of run %d", n, got)
	}
	return n, nil
}

// crossing is a pipeline with all that reuses memory: each step checks that it works for the run that it belongs to. Every seventh
// run fails in its branches, every eleventh panics, every thirteenth leaves a goroutine behind.
func crossing(l *late) weir.Step[int, int] {
	begin := weir.Func("begin", func(ctx context.Context, n int) (int, error) {
		runKey.Set(ctx, n)
		if n%13 == 0 {
			l.wait.Go(func() {
				<-ctx.Done()
				if runKey.Get(ctx) != n {
					l.wrong.Add(1)
				}
			})
		}
		return n, nil
	})
	checks := weir.Func("check", check)
	breaks := weir.Func("breaks", func(ctx context.Context, n int) (int, error) {
		switch {
		case n%11 == 0:
			panic(fmt.Sprint("run ", n))
		case n%7 == 0:
			return 0, fmt.Errorf("run %d", n)
		}
		return check(ctx, n)
	})
	list := weir.Func("list", func(_ context.Context, n int) ([]int, error) { return []int{n, n, n, n}, nil })
	one := weir.Func("one", func(_ context.Context, all []int) (int, error) {
		for _, n := range all {
			if n != all[0] {
				return 0, fmt.Errorf("%d and %d in one run", n, all[0])
			}
		}
		return all[0], nil
	})
	return weir.Chain("main", begin,
		loop.Times("rounds", 3, checks),
		weir.Then3(list, each.Item("items", checks, each.Width(2)), one),
		weir.Then(parallel.All("beside", checks, fallback.To(breaks, weir.Func("instead", check)), checks.Named("third")), one.Named("joined")),
		breaks.Named("last"))
}

// crossed runs the pipeline as run n and says what is wrong with what came of it.
func crossed(ctx context.Context, p *weir.Plan[int, int], n int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var out int
	var err error
	if n%2 == 0 {
		out, err = p.Run(ctx, n)
	} else {
		r, failed := p.Execute(ctx, n)
		out, err = r.Output, failed
		for path, want := range map[string]int{"main/rounds/check": 3, "main/items/check": 4, "main/beside/check": 1, "main/last": 1} {
			if s, ok := r.Step(path); !ok || s.Count() != want {
				return fmt.Errorf("run %d: %s is recorded %d times, want %d", n, path, s.Count(), want)
			}
		}
	}
	var at *plan.StepError
	switch fails := n%7 == 0 || n%11 == 0; {
	case !fails && (err != nil || out != n):
		return fmt.Errorf("run %d: got %d, %v", n, out, err)
	case fails && (!errors.As(err, &at) || at.Path != "main/last" || !strings.Contains(err.Error(), fmt.Sprint("run ", n))):
		return fmt.Errorf("run %d: got %d, %v; want its own failure", n, out, err)
	}
	return nil
}

// TestNothingOfARunIsSeenInAnother makes 200,000 runs with LONG=1, and ten million if built with -tags weirdebug as well, which
// took four minutes on 2 cores; where it takes more than the ten that go test gives, add -timeout 1h.
func TestNothingOfARunIsSeenInAnother(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		without []string
		pools   *pool.Set
		runs    int
	}{
		{nil, nil, many(2_000, longRuns)},
		{[]string{"spine", "crew", "lazycancel"}, nil, many(1_000, 20_000)}, // the pool alone
		{nil, &pool.Set{}, many(1_000, 20_000)},
		{nil, &pool.Set{Max: 2}, many(1_000, 20_000)},
	} {
		t.Run(fmt.Sprint("without ", c.without, ", pools ", c.pools != nil), func(t *testing.T) {
			t.Parallel()
			var l late
			p, err := weir.Compile(crossing(&l), &weir.Config{Without: c.without, Pools: c.pools})
			if err != nil {
				t.Fatal(err)
			}
			runs, next := int64(c.runs), atomic.Int64{}
			var wait sync.WaitGroup
			for range 8 {
				wait.Go(func() {
					for n := next.Add(1); n <= runs && !t.Failed(); n = next.Add(1) {
						if err := crossed(t.Context(), p, int(n)); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wait.Wait()
			l.wait.Wait()
			if n := l.wrong.Load(); n > 0 {
				t.Errorf("%d goroutines that outlived their run saw another", n)
			}
		})
	}
}

// TestManyRunsLeaveNoHeapAndNoGoroutine makes a million runs with LONG=1. It is not parallel: it measures the whole process.
func TestManyRunsLeaveNoHeapAndNoGoroutine(t *testing.T) {
	var l late
	p, err := weir.Compile(crossing(&l), nil)
	if err != nil {
		t.Fatal(err)
	}
	runs := func(n int) {
		for i := range n {
			if err := crossed(t.Context(), p, i+1); err != nil {
				t.Fatal(err)
			}
		}
		l.wait.Wait()
	}
	runs(1_000)
	n := many(3_000, 1_000_000)
	goroutines, before := runtime.NumGoroutine(), heap()
	runs(n)
	after := heap()
	if grown := after - before; grown > 128<<10 {
		t.Errorf("%d runs left %d bytes", n, grown)
	}
	for over := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > goroutines && time.Now().Before(over); {
		runtime.Gosched() // those that have told that they are done are about to be gone
	}
	if now := runtime.NumGoroutine(); now > goroutines {
		t.Errorf("%d runs left %d goroutines", n, now-goroutines)
	}
}

// heap is what lives on the heap after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
