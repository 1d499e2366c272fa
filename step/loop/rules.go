package loop

import (
	"context"
	"reflect"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

// Rules say how a loop begins, goes on and ends, where Until is too small: I goes into the loop, B into each round, R
// comes out of each round and O out of the loop. All functions are called by several goroutines when runs overlap; they
// read run state through their context. The zero value is not usable: Max is needed.
type Rules[I, B, R, O any] struct {
	// Max is the most rounds, at least 1.
	Max int
	// Until is asked after each round, with the last output and the number of rounds that have ended, from 1; true ends the
	// loop. Nil: the loop runs Max rounds, and that is a success.
	Until func(ctx context.Context, last R, rounds int) (bool, error)
	// Start makes the first round's input of the loop's. Nil: it is the loop's input, so an I must be a B.
	Start func(ctx context.Context, in I) (B, error)
	// Next makes the next round's input of the last output; it is not called after the last round. Nil: it is the last
	// output, so an R must be a B.
	Next func(ctx context.Context, last R, rounds int) (B, error)
	// Finish makes the loop's output of the last round's, also when the maximum was reached; it is not called after a round
	// that ended the loop by failing. Nil: it is the last output, so an R must be an O.
	Finish func(ctx context.Context, last R) (O, error)
}

// New makes a loop by rules. What does not fit is a mistake that Compile reports.
func New[I, B, R, O any](name string, r Rules[I, B, R, O], body weir.Step[B, R], opts ...Option) weir.Step[I, O] {
	s := written(body.Written(), r.Max, opts)
	if r.Until != nil {
		s.hooks.until = func(ctx context.Context, _ plan.Frame, at moment) (bool, error) {
			last, err := plan.As[R](at.last)
			if err != nil {
				return false, err
			}
			return r.Until(ctx, last, at.rounds)
		}
	}
	if r.Start != nil {
		s.hooks.start = func(ctx context.Context, _ plan.Frame, at moment) (any, error) {
			return give(ctx, at.in, r.Start)
		}
	} else {
		same[I, B](s, "the loop's input", "a round's input", "Start")
	}
	if r.Next != nil {
		s.hooks.next = func(ctx context.Context, _ plan.Frame, at moment) (any, error) {
			return give(ctx, at.last, func(ctx context.Context, last R) (B, error) { return r.Next(ctx, last, at.rounds) })
		}
	} else {
		same[R, B](s, "a round's output", "a round's input", "Next")
	}
	if r.Finish != nil {
		s.hooks.finish = func(ctx context.Context, _ plan.Frame, at moment) (any, error) {
			return give(ctx, at.last, r.Finish)
		}
	} else {
		same[R, O](s, "a round's output", "the loop's output", "Finish")
	}
	return weir.Make[I, O](name, s.node())
}

// give calls a typed function on a value without its type.
func give[A, B any](ctx context.Context, v any, f func(context.Context, A) (B, error)) (any, error) {
	a, err := plan.As[A](v)
	if err != nil {
		return nil, err
	}
	b, err := f(ctx, a)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// same says that a value of A stands where one of B is asked for, or notes the mistake.
func same[A, B any](s *Spec, from, to, field string) {
	a, b := reflect.TypeFor[A](), reflect.TypeFor[B]()
	if !a.AssignableTo(b) && a.Kind() != reflect.Interface {
		s.mistake("%s is a %v and %s a %v: give Rules.%s a function that turns one into the other", from, a, to, b, field)
	}
}
