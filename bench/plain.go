package bench

import (
	"context"
	"runtime"
	"strconv"
	"sync"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

// The plans of the references: trivial steps, so that what is measured is the engine.

// adder is the plain code's step: called through an interface value, as the leanest executor would.
type adder interface {
	add(ctx context.Context, n int) (int, error)
}

type one struct{}

//go:noinline
func (one) add(_ context.Context, n int) (int, error) { return n + 1, nil }

func increment(_ context.Context, n int) (int, error) { return n + 1, nil }

// chain10 is ten steps of one function.
func chain10[T any](f func(context.Context, T) (T, error)) weir.Step[T, T] {
	steps := make([]weir.Step[T, T], 10)
	for i := range steps {
		steps[i] = weir.Func("s"+strconv.Itoa(i), f)
	}
	return weir.Chain("seq", steps...)
}

// planned is a workload that runs one plan on one input.
func planned[I any, O comparable](name string, s weir.Step[I, O], in I, want O) Workload {
	return Workload{name: name, unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		p, err := weir.Compile(s, &weir.Config{Without: without})
		if err != nil {
			return nil, err
		}
		return asking(ctx, p, in, want), nil
	}}
}

func seq10() Workload { return planned("seq10", chain10(increment), 1, 11) }

// seq10s is seq10 with a string, which does not fit into an interface value.
func seq10s() Workload {
	return planned("seq10s", chain10(func(_ context.Context, s string) (string, error) { return s[1:] + s[:1], nil }), "0123456789", "0123456789")
}

func par8() Workload {
	branches := make([]weir.Step[int, int], 8)
	for i := range branches {
		branches[i] = weir.Func("b"+strconv.Itoa(i), increment)
	}
	s := parallel.All("par", branches...)
	return Workload{name: "par8", unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		p, err := weir.Compile(s, &weir.Config{Without: without})
		if err != nil {
			return nil, err
		}
		return &work{run: func(n int) error {
			for range n {
				out, err := p.Run(ctx, 1)
				if err != nil || total(out) != 16 {
					return wrong(out, 16, err)
				}
			}
			return nil
		}}, nil
	}}
}

func total(list []int) int {
	sum := 0
	for _, n := range list {
		sum += n
	}
	return sum
}

func loop100() Workload {
	body := weir.Func("inc", func(_ context.Context, n int) (int, error) { return (n + 1) & 127, nil })
	return planned("loop100", loop.Times("loop", 100, body), 1, 101)
}

// started is seq10 as a run that is started and waited for.
func started() Workload {
	return Workload{name: "started", unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		p, err := weir.Compile(chain10(increment), &weir.Config{Without: without})
		if err != nil {
			return nil, err
		}
		return &work{run: func(n int) error {
			for range n {
				r, err := p.Start(ctx, 1)
				if err != nil {
					return err
				}
				if res, err := r.Wait(ctx); err != nil || res.Output != 11 {
					return wrong(res, 11, err)
				}
			}
			return nil
		}}, nil
	}}
}

// seq10Crowd is seq10 on all cores.
func seq10Crowd() Workload {
	return Workload{name: "concurrent", unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		p, err := weir.Compile(chain10(increment), &weir.Config{Without: without})
		if err != nil {
			return nil, err
		}
		alone := asking(ctx, p, 1, 11)
		return &work{run: func(n int) error { return spread(n, alone.run) }}, nil
	}}
}

// spread shares n works among a goroutine for each core.
func spread(n int, run func(int) error) error {
	cores := runtime.GOMAXPROCS(0)
	errs := make([]error, cores)
	var wait sync.WaitGroup
	for i := range cores {
		share := n / cores
		if i < n%cores {
			share++
		}
		wait.Go(func() { errs[i] = run(share) })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// calls is the plain code of sequences and loops: calls through an interface value.
func calls(ctx context.Context, number int) func(int) error {
	steps := make([]adder, number)
	for i := range steps {
		steps[i] = one{}
	}
	return func(n int) error {
		for range n {
			v, err := 1, error(nil)
			for _, s := range steps {
				if v, err = s.add(ctx, v); err != nil {
					return err
				}
			}
			if v != number+1 {
				return wrong(v, number+1, nil)
			}
		}
		return nil
	}
}

// groups is the plain code of parallel branches.
func groups(ctx context.Context) func(int) error {
	var step adder = one{}
	return func(n int) error {
		for range n {
			g, ctx := withContext(ctx)
			out := make([]int, 8)
			for i := range out {
				g.Go(func() (err error) { out[i], err = step.add(ctx, 1); return err })
			}
			err := g.Wait()
			if err != nil || total(out) != 16 {
				return wrong(out, 16, err)
			}
		}
		return nil
	}
}
