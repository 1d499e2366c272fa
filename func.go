package weir

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// Func makes a step of a function. It runs once an execution unless a retry layer says otherwise; a panic in it is a failure of
// the step. The function is called by several goroutines when runs or branches overlap.
//
// A function that runs another plan and returns its *Result has what that run used counted for the step, and its steps shown
// below it (StepResult.Steps).
//
// Between steps a value travels as any: one that is no pointer, and not a small integer, costs an allocation a hop. Strings, floats,
// slices and structs up to 1 KiB cost none between two functions without layers that stand next to each other, where the one
// takes the very type that the other gives.
func Func[I, O any](name string, f func(context.Context, I) (O, error)) Step[I, O] {
	return Make[I, O](name, &funcNode[I, O]{f})
}

// funcNode is the kind func.
type funcNode[I, O any] struct {
	f func(context.Context, I) (O, error)
}

func (n *funcNode[I, O]) Kind() string           { return "func" }
func (n *funcNode[I, O]) Children() []plan.Child { return nil }

// Explain says that the step is code.
func (n *funcNode[I, O]) Explain() string { return "calls a Go function" }

// Forms lets neighbours pass values on in their types. A function that gives the Result of a run does more than that.
func (n *funcNode[I, O]) Forms() *plan.Forms {
	if n.f == nil || counting(n.f) != nil {
		return nil
	}
	return plan.FormsOf(n.f)
}

// Build makes the op: a type assertion and the call. A function that gives the Result of a run has that run's usage counted.
func (n *funcNode[I, O]) Build(b *plan.Builder) plan.Op {
	f := n.f
	if f == nil {
		b.Failf("the function of step %q is nil", b.Step().Name)
		return nil
	}
	if nests := counting(f); nests != nil {
		site := b.Site()
		return func(ctx context.Context, frame plan.Frame, in any) (any, error) {
			v, err := plan.As[I](in)
			if err != nil {
				return nil, err
			}
			out, err := nests(ctx, frame, site, v)
			if err != nil {
				return nil, err
			}
			return out, nil
		}
	}
	return func(ctx context.Context, _ plan.Frame, in any) (any, error) {
		v, ok := in.(I)
		if !ok {
			var err error
			if v, err = plan.As[I](in); err != nil {
				return nil, err
			}
		}
		out, err := f(ctx, v)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
}
