package weir_test

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

// The benchmarks of this file measure what docs/benchmarks.md quotes. Each runs weir and its reference in turn, in windows
// of equal work, by process CPU time with the collector's included, and reports medians: cpu-ns/op, ref-cpu-ns/op and the
// ratio of each round, which is what to trust on a shared machine.

// window is about how much CPU time one side gets in a round.
const window = 4 * time.Millisecond

// compare reports ours against ref; each runs its work n times.
func compare(b *testing.B, ours, ref func(n int)) {
	b.Helper()
	n, m := calibrate(ours), calibrate(ref)
	allocs, bytes := allocated(ours, n)
	var own, other, ratio []float64
	for b.Loop() {
		x, y := cpu(ours, n), cpu(ref, m)
		own, other, ratio = append(own, x), append(other, y), append(ratio, x/y)
	}
	for len(ratio) < 31 {
		x, y := cpu(ours, n), cpu(ref, m)
		own, other, ratio = append(own, x), append(other, y), append(ratio, x/y)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(own), "cpu-ns/op")
	b.ReportMetric(median(other), "ref-cpu-ns/op")
	b.ReportMetric(median(ratio), "x-ref")
	b.ReportMetric(allocs, "allocs/run")
	b.ReportMetric(bytes, "B/run")
}

// calibrate finds how many times fill a window.
func calibrate(work func(int)) int {
	for n := 1; ; n *= 2 {
		if t := cpu(work, n) * float64(n); t > float64(window) {
			return n
		}
	}
}

// cpu is the process CPU time of one of n works, in nanoseconds.
func cpu(work func(int), n int) float64 {
	begun := processTime()
	work(n)
	return float64(processTime()-begun) / float64(n)
}

func processTime() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// allocated is what one work allocates.
func allocated(work func(int), n int) (allocs, bytes float64) {
	var before, after runtime.MemStats
	work(1)
	runtime.ReadMemStats(&before)
	work(n)
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(n), float64(after.TotalAlloc-before.TotalAlloc) / float64(n)
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// adder is the reference's step: called through an interface, as the leanest executor would.
type adder interface {
	add(ctx context.Context, n int) (int, error)
}

type one struct{}

//go:noinline
func (one) add(_ context.Context, n int) (int, error) { return n + 1, nil }

func increment(_ context.Context, n int) (int, error) { return n + 1, nil }

// chain10 is ten trivial steps of T.
func chain10[T any](f func(context.Context, T) (T, error)) weir.Step[T, T] {
	steps := make([]weir.Step[T, T], 10)
	for i := range steps {
		steps[i] = weir.Func("s"+strconv.Itoa(i), f)
	}
	return weir.Chain("seq", steps...)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// runs gives the work of running a plan n times on in.
func runs[I, O any](ctx context.Context, p *weir.Plan[I, O], in I) func(int) {
	return func(n int) {
		for range n {
			must(p.Run(ctx, in))
		}
	}
}

// interfaceCalls is the reference of sequences and loops: calls through an interface value.
func interfaceCalls(ctx context.Context, calls int) func(int) {
	steps := make([]adder, calls)
	for i := range steps {
		steps[i] = one{}
	}
	return func(n int) {
		for range n {
			v := 1
			for _, s := range steps {
				v = must(s.add(ctx, v))
			}
		}
	}
}

func BenchmarkSeq10(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	p := must(weir.Compile(chain10(increment), nil))
	compare(b, runs(ctx, p, 1), interfaceCalls(ctx, 10))
}

// BenchmarkSeq10Execute is seq10 with the records returned; the reference is seq10 without.
func BenchmarkSeq10Execute(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	p := must(weir.Compile(chain10(increment), nil))
	compare(b, func(n int) {
		for range n {
			must(p.Execute(ctx, 1))
		}
	}, runs(ctx, p, 1))
}

func BenchmarkSeq10s(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.Run("string", func(b *testing.B) {
		p := must(weir.Compile(chain10(func(_ context.Context, s string) (string, error) { return s[1:] + s[:1], nil }), nil))
		compare(b, runs(ctx, p, "0123456789"), interfaceCalls(ctx, 10))
	})
	b.Run("struct48", func(b *testing.B) {
		p := must(weir.Compile(chain10(func(_ context.Context, w wide) (wide, error) { w[0]++; return w, nil }), nil))
		compare(b, runs(ctx, p, wide{}), interfaceCalls(ctx, 10))
	})
}

// BenchmarkTyped is a plan with the optimisation "typed"; the reference is the same plan without.
func BenchmarkTyped(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	same := func(_ context.Context, s string) (string, error) { return s, nil }
	b.Run("string", func(b *testing.B) { against(ctx, b, chain10(same), "0123456789") })
	b.Run("struct48", func(b *testing.B) {
		against(ctx, b, chain10(func(_ context.Context, w wide) (wide, error) { w[0]++; return w, nil }), wide{1})
	})
	b.Run("types-change", func(b *testing.B) {
		against(ctx, b, weir.Then4(weir.Func("a", same), weir.Func("b", toNote), weir.Func("c", toText), weir.Func("d", same)), "0123456789")
	})
	b.Run("one-hop", func(b *testing.B) {
		against(ctx, b, weir.Then(weir.Func("b", toNote), weir.Func("c", toText)), "0123456789")
	})
	b.Run("int", func(b *testing.B) { against(ctx, b, chain10(increment), 1) }) // boxed in both
}

// against compares a pipeline with itself without an optimisation.
func against[I, O any](ctx context.Context, b *testing.B, s weir.Step[I, O], in I) {
	plain := must(weir.Compile(s, &weir.Config{Without: []string{"typed"}}))
	compare(b, runs(ctx, must(weir.Compile(s, nil)), in), runs(ctx, plain, in))
}

// group is what golang.org/x/sync/errgroup does for a group with a context: a goroutine a call, the first error cancels.
type group struct {
	wait   sync.WaitGroup
	once   sync.Once
	err    error
	cancel context.CancelCauseFunc
}

func withContext(ctx context.Context) (*group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &group{cancel: cancel}, ctx
}

func (g *group) Go(f func() error) {
	g.wait.Go(func() {
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err; g.cancel(err) })
		}
	})
}

func (g *group) Wait() error {
	g.wait.Wait()
	g.cancel(g.err)
	return g.err
}

func BenchmarkPar8(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	branches := make([]weir.Step[int, int], 8)
	for i := range branches {
		branches[i] = weir.Func("b"+strconv.Itoa(i), increment)
	}
	p := must(weir.Compile(parallel.All("par", branches...), nil))
	var step adder = one{}
	compare(b, runs(ctx, p, 1), func(n int) {
		for range n {
			g, ctx := withContext(ctx)
			out := make([]int, 8)
			for i := range out {
				g.Go(func() (err error) { out[i], err = step.add(ctx, 1); return err })
			}
			if err := g.Wait(); err != nil {
				panic(err)
			}
		}
	})
}

func BenchmarkLoop100(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	body := weir.Func("inc", func(_ context.Context, n int) (int, error) { return (n + 1) & 127, nil })
	p := must(weir.Compile(loop.Times("loop", 100, body), nil))
	compare(b, runs(ctx, p, 1), interfaceCalls(ctx, 100))
}

// BenchmarkConcurrent runs seq10 on all cores; the reference is seq10 on one.
func BenchmarkConcurrent(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	p := must(weir.Compile(chain10(increment), nil))
	alone := runs(ctx, p, 1)
	compare(b, func(n int) {
		var wait sync.WaitGroup
		cores := runtime.GOMAXPROCS(0)
		for range cores {
			wait.Go(func() { alone(n / cores) })
		}
		wait.Wait()
	}, alone)
}

// BenchmarkInFlight holds 10,000 runs that wait in step 5 and reports what each takes; the reference is a parked goroutine.
func BenchmarkInFlight(b *testing.B) {
	const flights = 10_000
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	for b.Loop() {
		gate, at := make(chan struct{}), make(chan struct{}, flights)
		steps := make([]weir.Step[int, int], 10)
		for i := range steps {
			steps[i] = weir.Func("s"+strconv.Itoa(i), increment)
		}
		steps[4] = weir.Func("wait", func(_ context.Context, n int) (int, error) {
			at <- struct{}{}
			<-gate
			return n + 1, nil
		})
		p := must(weir.Compile(weir.Chain("seq", steps...), nil))
		ours, goroutines := held(flights, at, gate, func() { must(p.Run(ctx, 1)) })
		gate = make(chan struct{})
		ref, _ := held(flights, at, gate, func() { at <- struct{}{}; <-gate })
		b.ReportMetric(ours, "B/run")
		b.ReportMetric(ref, "ref-B/run")
		b.ReportMetric(goroutines, "goroutines/run")
	}
	b.ReportMetric(0, "ns/op")
}

// held starts n goroutines that each tell at and then wait for gate, and gives the memory and goroutines of one.
func held(n int, at, gate chan struct{}, work func()) (bytes, goroutines float64) {
	var wait sync.WaitGroup
	before, count := inUse(), runtime.NumGoroutine()
	for range n {
		wait.Go(work)
	}
	for range n {
		<-at
	}
	after, most := inUse(), runtime.NumGoroutine()
	close(gate)
	wait.Wait()
	return float64(after-before) / float64(n), float64(most-count) / float64(n)
}

// inUse is the memory of heap and stacks after a collection.
func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
