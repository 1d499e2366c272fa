package weir

import "context"

// Supply makes a step of a function that needs no input: it ignores what the step before it gave, whose type I is.
//
//	weir.Then(load, weir.Supply[Data]("now", clock))
func Supply[I, O any](name string, f func(context.Context) (O, error)) Step[I, O] {
	if f == nil {
		return Func[I, O](name, nil)
	}
	return Func(name, func(ctx context.Context, _ I) (O, error) { return f(ctx) })
}
