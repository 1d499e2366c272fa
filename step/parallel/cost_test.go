package parallel_test

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/parallel"
)

// eight is a parallel step of eight branches that add one.
func eight(tb testing.TB) *weir.Plan[int, []int] {
	tb.Helper()
	steps := make([]weir.Step[int, int], 8)
	for i := range steps {
		steps[i] = weir.Func("b"+strconv.Itoa(i), func(_ context.Context, n int) (int, error) { return n + 1, nil })
	}
	p, err := weir.Compile(parallel.All("par", steps...), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// Not parallel: allocations are counted for the whole process.
func TestEightBranchesAllocateWhatTheDocsPromise(t *testing.T) {
	if drop := os.Getenv(weir.WithoutEnv); drop != "" {
		t.Skipf("without %s there is no such promise", drop)
	}
	p, ctx := eight(t), t.Context()
	run := func() {
		if out, err := p.Run(ctx, 1); err != nil || len(out) != 8 || out[7] != 2 {
			t.Fatal(out, err)
		}
	}
	if n := testing.AllocsPerRun(1000, run); n > 12 {
		t.Errorf("a run allocates %v times, want at most 12", n)
	}
	const runs = 2000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		run()
	}
	runtime.ReadMemStats(&after)
	if n := (after.TotalAlloc - before.TotalAlloc) / runs; n > 2048 {
		t.Errorf("a run allocates %d bytes, want at most 2048", n)
	}
}

func BenchmarkParallel8(b *testing.B) {
	b.Run("weir", func(b *testing.B) {
		p, ctx := eight(b), b.Context()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Run(ctx, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
	// What golang.org/x/sync/errgroup does: a context for the group, a goroutine a call, the first error cancels.
	b.Run("errgroup", func(b *testing.B) {
		add := func(_ context.Context, n int) (int, error) { return n + 1, nil }
		b.ReportAllocs()
		for b.Loop() {
			out := make([]int, 8)
			if err := inGroup(b.Context(), len(out), func(ctx context.Context, i int) (err error) {
				out[i], err = add(ctx, 1)
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// inGroup calls f n times at once.
func inGroup(ctx context.Context, n int, f func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var wait sync.WaitGroup
	var once sync.Once
	var first error
	for i := range n {
		wait.Go(func() {
			if err := f(ctx, i); err != nil {
				once.Do(func() { first = err; cancel(err) })
			}
		})
	}
	wait.Wait()
	cancel(first)
	return first
}
