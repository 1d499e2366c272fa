package blueprint

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/weirflow/weir/plan"
)

// Func makes an entry of Options.Funcs of an ordinary function. Its input is given as it is when it is an I. Anything else
// becomes one as JSON would: what runs between the steps of a blueprint are maps, lists, numbers and text, where functions
// want structs. An input that does not become an I fails the step with plan.CodeType. The conversion copies the input.
func Func[I, O any](f func(context.Context, I) (O, error)) plan.Op {
	return func(ctx context.Context, _ plan.Frame, in any) (any, error) {
		v, ok := in.(I)
		if !ok && in != nil {
			var err error
			if v, err = become[I](in); err != nil {
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

// Supply makes an entry of Options.Funcs of a function that needs no input; it is called whatever the step is given.
func Supply[O any](f func(context.Context) (O, error)) plan.Op {
	return func(ctx context.Context, _ plan.Frame, _ any) (any, error) {
		out, err := f(ctx)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
}

// become makes an I of a value by way of JSON.
func become[I any](in any) (I, error) {
	var v I
	text, err := json.Marshal(in)
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil {
		return v, plan.Errorf(plan.CodeType, "the function takes %v and was given %T, which does not become one: %w", reflect.TypeFor[I](), in, err)
	}
	return v, nil
}
