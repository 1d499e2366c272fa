package conditional

import (
	"context"
	"reflect"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

// Rules say how a Switch chooses, and what goes into its branches and comes out: I goes into the step, B into the branch, R
// comes out of the branch and O out of the step. All functions are called by several goroutines when runs overlap. The zero
// value is not usable: Key is needed.
type Rules[I, B, R, O any, K comparable] struct {
	// Key gives the key. It is called once, with the step's input.
	Key func(ctx context.Context, in I) (K, error)
	// Input makes the branch's input of the step's. Nil: it is the step's input, so an I must be a B.
	Input func(ctx context.Context, in I) (B, error)
	// Output makes the step's output of the branch's; key is what Key gave. It sees the state that the branch left. It is
	// not called when the branch failed. Nil: it is the branch's output, so an R must be an O.
	Output func(ctx context.Context, out R, key K) (O, error)
}

// New makes a Switch by rules. What does not fit is a mistake that Compile reports.
func New[I, B, R, O any, K comparable](name string, r Rules[I, B, R, O, K], c Cases[K, B, R]) weir.Step[I, O] {
	s := switched(r.Key, c)
	if r.Input != nil {
		s.input = func(ctx context.Context, in any) (any, error) {
			v, err := plan.As[I](in)
			if err != nil {
				return nil, err
			}
			return box(r.Input(ctx, v))
		}
	} else {
		same[I, B](s, "the step's input", "a branch's input", "Input")
	}
	if r.Output != nil {
		s.output = func(ctx context.Context, out, key any) (any, error) {
			v, err := plan.As[R](out)
			if err != nil {
				return nil, err
			}
			k, err := plan.As[K](key)
			if err != nil {
				return nil, err
			}
			return box(r.Output(ctx, v, k))
		}
	} else {
		same[R, O](s, "a branch's output", "the step's output", "Output")
	}
	return weir.Make[I, O](name, s.node())
}

// box takes the type off what a function returned.
func box[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

// same says that a value of A stands where one of B is asked for, or notes the mistake.
func same[A, B any](s *Spec, from, to, field string) {
	a, b := reflect.TypeFor[A](), reflect.TypeFor[B]()
	if !a.AssignableTo(b) && a.Kind() != reflect.Interface {
		s.mistake("%s is a %v and %s a %v: give Rules.%s a function that turns one into the other", from, a, to, b, field)
	}
}
