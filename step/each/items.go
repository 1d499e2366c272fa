package each

import (
	"context"
	"reflect"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// items is a list as the step reads it: entry by entry, never copied.
type items struct {
	n  int
	at func(i int) any
}

// source gives the list that one execution of the step runs over.
func (s *Spec) source(ctx context.Context, in any) (items, error) {
	switch {
	case s.list != nil:
		return s.list(in)
	case s.Items.Set():
		v, err := s.Items.Eval(ctx, spec.Vars{spec.VarPrevious: in})
		if err != nil {
			return items{}, plan.Errorf(plan.CodeExpression, "items: %w", err)
		}
		return iterable(v, "items")
	case s.Iterable != "":
		v, err := held(ctx, strings.TrimPrefix(s.Iterable, "context."))
		if err != nil {
			return items{}, err
		}
		return iterable(v, "the context key "+s.Iterable)
	}
	return iterable(in, "the input")
}

// held gives the value of a state key. It belongs to this step: the state copies it, at most once.
func held(ctx context.Context, key string) (any, error) {
	scope := state.ScopeOf(ctx)
	if scope == nil {
		return nil, plan.Errorf(plan.CodeInput, "iterable_input: there is no context to read %q from", key)
	}
	v, ok := scope.Lookup(key)
	if !ok {
		return nil, plan.Errorf(plan.CodeInput, "iterable_input: the context has no key %q; set it in an earlier step, or use items", key)
	}
	return v, nil
}

// iterable reads a list of any type. Text and bytes are none, nor are maps, which have no order.
func iterable(v any, what string) (items, error) {
	switch list := v.(type) {
	case []any:
		return items{len(list), func(i int) any { return list[i] }}, nil
	case []string:
		return items{len(list), func(i int) any { return list[i] }}, nil
	case []map[string]any:
		return items{len(list), func(i int) any { return list[i] }}, nil
	}
	list := reflect.ValueOf(v)
	switch list.Kind() {
	case reflect.Slice:
		if list.Type().Elem().Kind() != reflect.Uint8 {
			return items{list.Len(), func(i int) any { return list.Index(i).Interface() }}, nil
		}
	case reflect.Array:
		return items{list.Len(), func(i int) any { return list.Index(i).Interface() }}, nil
	}
	return items{}, plan.Errorf(plan.CodeInput, "%s must be a list, but it is %s, which is not iterable; give a list", what, plan.Describe(v))
}
