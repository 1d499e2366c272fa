package bench

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
)

// work is a workload that is set up.
type work struct {
	// run does it n times, and fails where an answer is not the right one.
	run func(n int) error
	// close, which may be nil, gives back what the work holds.
	close func()
}

func (w *work) end() {
	if w != nil && w.close != nil {
		w.close()
	}
}

// Plan makes a workload of a pipeline: compile is called with the names of the optimisations to drop (nil, "all", or one of
// weir.Optimisations) and gives a function that runs the plan once. An error of either ends the suite. Whether the answers are the right
// ones is for the function to check.
func Plan(name string, compile func(without []string) (run func(context.Context) error, err error)) Workload {
	return Workload{name: name, unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		run, err := compile(without)
		if err != nil {
			return nil, err
		}
		return &work{run: func(n int) error {
			for range n {
				if err := run(ctx); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}}
}

// Workload is something that can be measured with optimisations and without. Plan makes one of a caller's pipeline.
type Workload struct {
	name string
	unit string
	// least is how often it must be done at a time to be what it is; 0: once.
	least int
	// setup makes it ready, with some optimisations dropped.
	setup func(ctx context.Context, without []string) (*work, error)
}

// Name is what reports call it.
func (w Workload) Name() string { return w.name }

// both sets a workload up on two sides, with optimisations dropped on each.
func (w Workload) both(ctx context.Context, a, b []string) (x, y *work, err error) {
	if x, err = w.setup(ctx, a); err != nil {
		return nil, nil, fmt.Errorf("bench: %s: %w", w.name, err)
	}
	if y, err = w.setup(ctx, b); err != nil {
		x.end()
		return nil, nil, fmt.Errorf("bench: %s without %v: %w", w.name, b, err)
	}
	return x, y, nil
}

// pair measures a workload with optimisations dropped on each side.
func (w Workload) pair(ctx context.Context, a, b []string, o Options) (*Paired, error) {
	x, y, err := w.both(ctx, a, b)
	if err != nil {
		return nil, err
	}
	defer x.end()
	defer y.end()
	o.least = w.least
	p, err := Pair(ctx, x.run, y.run, o)
	if err != nil {
		return nil, fmt.Errorf("bench: %s: %w", w.name, err)
	}
	return p, nil
}

// asking is the work of running a plan on one input, each answer checked.
func asking[I any, O comparable](ctx context.Context, p *weir.Plan[I, O], in I, want O) *work {
	return &work{run: func(n int) error {
		for range n {
			got, err := p.Run(ctx, in)
			if err != nil || got != want {
				return wrong(got, want, err)
			}
		}
		return nil
	}}
}

// wrong says how a run failed, or that its answer is another than it had to be.
func wrong(got, want any, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("it answered %v instead of %v", got, want)
}

// all drops every optimisation.
func all() []string { return []string{"all"} }
