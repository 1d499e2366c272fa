package weir_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/bench"
)

// The benchmarks of this file measure what docs/benchmarks.md quotes, by the method of package bench: weir and its reference in turn, in
// windows of equal work, by process CPU time with the collector's included. They report medians: cpu-ns/op, ref-cpu-ns/op, and the ratio of each
// round, which is what to trust on a shared machine.

// reference reports one of the references of package bench.
func reference(b *testing.B, workload string) {
	b.Helper()
	suite := must(bench.New(&bench.Config{Sections: []bench.Section{bench.References}, Workloads: []string{workload}}))
	for b.Loop() {
		report, err := suite.Run(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		f := report.Reference[0]
		b.ReportMetric(f.Bytes, "B/run")
		b.ReportMetric(f.Ratio, "x-ref")
		if f.Goroutines > 0 { // its figures are of memory
			b.ReportMetric(f.RefBytes, "ref-B/run")
			b.ReportMetric(f.Goroutines, "goroutines/run")
			continue
		}
		b.ReportMetric(f.Ns, "cpu-ns/op")
		b.ReportMetric(f.RefNs, "ref-cpu-ns/op")
		b.ReportMetric(f.Allocs, "allocs/run")
	}
	b.ReportMetric(0, "ns/op")
}

// task is work to be done n times; it may fail.
type task interface{ func(int) | func(int) error }

func erring[T task](t T) func(int) error {
	switch t := any(t).(type) {
	case func(int) error:
		return t
	case func(int):
		return func(n int) error { t(n); return nil }
	}
	return nil
}

// compare reports ours against ref; each does its work n times.
func compare[A, B task](b *testing.B, ours A, ref B) {
	b.Helper()
	for b.Loop() {
		p, err := bench.Pair(b.Context(), erring(ours), erring(ref), bench.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(p.A.CPU, "cpu-ns/op")
		b.ReportMetric(p.B.CPU, "ref-cpu-ns/op")
		b.ReportMetric(p.CPURatio().Median, "x-ref")
		b.ReportMetric(p.A.Allocs, "allocs/run")
		b.ReportMetric(p.A.Bytes, "B/run")
	}
	b.ReportMetric(0, "ns/op")
}

func BenchmarkSeq10(b *testing.B)   { reference(b, "seq10") }
func BenchmarkSeq10s(b *testing.B)  { reference(b, "seq10s") }
func BenchmarkPar8(b *testing.B)    { reference(b, "par8") }
func BenchmarkLoop100(b *testing.B) { reference(b, "loop100") }

// BenchmarkConcurrent runs seq10 on all cores; the reference is seq10 on one.
func BenchmarkConcurrent(b *testing.B) { reference(b, "concurrent") }

// BenchmarkInFlight holds 2,000 runs that wait in step 5 and reports what each takes; the reference is a parked goroutine.
func BenchmarkInFlight(b *testing.B) { reference(b, "inflight") }

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

// runs is the work of running a plan n times on in.
func runs[I, O any](ctx context.Context, p *weir.Plan[I, O], in I) func(int) error {
	return func(n int) error {
		for range n {
			if _, err := p.Run(ctx, in); err != nil {
				return err
			}
		}
		return nil
	}
}

// BenchmarkSeq10Execute is seq10 with the records returned; the reference is seq10 without.
func BenchmarkSeq10Execute(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	p := must(weir.Compile(chain10(increment), nil))
	compare(b, func(n int) error {
		for range n {
			if _, err := p.Execute(ctx, 1); err != nil {
				return err
			}
		}
		return nil
	}, runs(ctx, must(weir.Compile(chain10(increment), nil)), 1))
}

// BenchmarkPlain has seq10 by the clock, without references, with no more than the API of the first version: it can be copied into an older
// version to compare the two.
func BenchmarkPlain(b *testing.B) {
	p := must(weir.Compile(chain10(increment), nil))
	b.Run("run", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			must(p.Run(b.Context(), 1))
		}
	})
	b.Run("execute", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			must(p.Execute(b.Context(), 1))
		}
	})
}

// BenchmarkSeq10Struct is seq10 with a struct of 48 bytes; the reference is seq10 with an int.
func BenchmarkSeq10Struct(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	grow := func(_ context.Context, w wide) (wide, error) { w[0]++; return w, nil }
	compare(b, runs(ctx, must(weir.Compile(chain10(grow), nil)), wide{}), runs(ctx, must(weir.Compile(chain10(increment), nil)), 1))
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
