package parallel

import (
	"context"
	"errors"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Join2 runs two steps at the same time on the same input and gives what join makes of their outputs. It fails when one of
// them failed, after both have ended; join is not called then. OnFailure(Ignore) is a mistake that Compile reports.
//
// join sees the run's state with the branches' changes merged. Its error, or panic, is the step's.
func Join2[I, A, B, O any](name string, a weir.Step[I, A], b weir.Step[I, B],
	join func(context.Context, A, B) (O, error), opts ...Option) weir.Step[I, O] {
	s := joining(join == nil, opts, branch(0, a), branch(1, b))
	s.gather = func(ctx context.Context, out []plan.Branch) (any, error) {
		x, err1 := plan.As[A](out[0].Out)
		y, err2 := plan.As[B](out[1].Out)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return join(ctx, x, y)
	}
	return weir.Make[I, O](name, s.node())
}

// Join3 is Join2 for three steps.
func Join3[I, A, B, C, O any](name string, a weir.Step[I, A], b weir.Step[I, B], c weir.Step[I, C],
	join func(context.Context, A, B, C) (O, error), opts ...Option) weir.Step[I, O] {
	s := joining(join == nil, opts, branch(0, a), branch(1, b), branch(2, c))
	s.gather = func(ctx context.Context, out []plan.Branch) (any, error) {
		x, err1 := plan.As[A](out[0].Out)
		y, err2 := plan.As[B](out[1].Out)
		z, err3 := plan.As[C](out[2].Out)
		if err := errors.Join(err1, err2, err3); err != nil {
			return nil, err
		}
		return join(ctx, x, y, z)
	}
	return weir.Make[I, O](name, s.node())
}

// Join4 is Join2 for four steps.
func Join4[I, A, B, C, D, O any](name string, a weir.Step[I, A], b weir.Step[I, B], c weir.Step[I, C], d weir.Step[I, D],
	join func(context.Context, A, B, C, D) (O, error), opts ...Option) weir.Step[I, O] {
	s := joining(join == nil, opts, branch(0, a), branch(1, b), branch(2, c), branch(3, d))
	s.gather = func(ctx context.Context, out []plan.Branch) (any, error) {
		x, err1 := plan.As[A](out[0].Out)
		y, err2 := plan.As[B](out[1].Out)
		z, err3 := plan.As[C](out[2].Out)
		w, err4 := plan.As[D](out[3].Out)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			return nil, err
		}
		return join(ctx, x, y, z, w)
	}
	return weir.Make[I, O](name, s.node())
}

// joining is the spec that the Joins share.
func joining(without bool, opts []Option, list ...spec.Branch) *Spec {
	s := &Spec{Branches: list, join: true}
	s.set(opts)
	if without {
		s.mistakes = append(s.mistakes, plan.Errorf(plan.CodeConfig, "the function that joins the branches is nil"))
	}
	if FailurePolicy(s.OnFailure) == Ignore {
		s.mistakes = append(s.mistakes, plan.Errorf(plan.CodeConfig,
			"a join needs the output of every branch, so failures cannot be ignored; use Named, or put a fallback round the branch"))
	}
	return s
}
