package bench

import (
	"context"
	"strconv"

	"github.com/weirflow/weir"
)

// measureBlocked is measureLoad for runs that are blocked in a step of theirs: weir can do nothing about that their goroutines wait.
func measureBlocked(ctx context.Context, o Options, r *Report) error {
	turn := func(build func(context.Context, int) (func(int, func()) error, error)) riders {
		return func(ctx context.Context, width int) (riding, error) {
			run, err := build(ctx, width)
			if err != nil {
				return riding{}, err
			}
			return ride(ctx, width, loadTime, run)
		}
	}
	return measureCrowds(ctx, o, r, blocked, turn(ridden), turn(walked), nil)
}

// ridden gives runs of a plan of ten steps, of which one passes the turnstile.
func ridden(ctx context.Context, width int) (func(index int, pass func()) error, error) {
	passes := make([]func(), width)
	steps := make([]weir.Step[int, int], 10)
	for i := range steps {
		steps[i] = weir.Func("s"+strconv.Itoa(i), increment)
	}
	steps[fifth] = weir.Func("wait", func(_ context.Context, n int) (int, error) {
		passes[n-fifth-boxed]()
		return n + 1, nil
	})
	p, err := weir.Compile(weir.Chain("seq", steps...), nil)
	if err != nil {
		return nil, err
	}
	return func(index int, pass func()) error {
		passes[index] = pass
		if got, err := p.Run(ctx, index+boxed); err != nil || got != index+boxed+10 {
			return wrong(got, index+boxed+10, err)
		}
		return nil
	}, nil
}

// walked gives the same in plain Go: ten calls through an interface value.
func walked(ctx context.Context, _ int) (func(index int, pass func()) error, error) {
	var step adder = one{}
	return func(index int, pass func()) error {
		n := index
		for i := range 10 {
			if i == fifth {
				pass()
			}
			var err error
			if n, err = step.add(ctx, n); err != nil {
				return err
			}
		}
		if n != index+10 {
			return wrong(n, index+10, nil)
		}
		return nil
	}, nil
}
