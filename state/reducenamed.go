package state

import (
	"fmt"
	"reflect"
)

// reducerNamed returns the ready reducer of a name for values of type t, nil for any.
func reducerNamed(name string, t reflect.Type) (reducer, error) {
	var f reducer
	wants := "numbers"
	fits := t == nil || isNumber(t.Kind())
	switch name {
	case "sum", "max", "min":
		f = func(base, a, b any) (any, error) { return reduceNumbers(name, base, a, b) }
	case "append", "union":
		wants = "lists"
		fits = t == nil || t.Kind() == reflect.Slice
		f = func(base, a, b any) (any, error) { return reduceLists(name, base, a, b) }
	default:
		return nil, fmt.Errorf("state: unknown reducer %q: use one of sum, max, min, append, union", name)
	}
	if t != nil && t.Kind() != reflect.Interface && !fits {
		return nil, fmt.Errorf("state: reducer %s is for %s, and the key holds %s: use another, or a function", name, wants, t)
	}
	return f, nil
}

// reduceNumbers reduces two numbers of one type; numbers of mixed types become float64. A base that is
// no number counts as zero.
func reduceNumbers(name string, base, a, b any) (any, error) {
	t := reflect.TypeOf(a)
	if a == nil || b == nil || !isNumber(t.Kind()) || !isNumber(reflect.TypeOf(b).Kind()) {
		return nil, fmt.Errorf("%s is for numbers, not %T and %T", name, a, b)
	}
	if base == nil || !isNumber(reflect.TypeOf(base).Kind()) {
		base = reflect.Zero(t).Interface()
	}
	if _, ok := fit(t, base); !ok || reflect.TypeOf(b) != t {
		t = reflect.TypeFor[float64]()
	}
	var in [3]reflect.Value
	for i, v := range []any{base, a, b} {
		in[i] = reflect.ValueOf(v).Convert(t)
	}
	out := reflect.New(t).Elem()
	switch {
	case out.CanInt():
		out.SetInt(reduceNumber(name, in[0].Int(), in[1].Int(), in[2].Int()))
	case out.CanUint():
		out.SetUint(reduceNumber(name, in[0].Uint(), in[1].Uint(), in[2].Uint()))
	default:
		out.SetFloat(reduceNumber(name, in[0].Float(), in[1].Float(), in[2].Float()))
	}
	return out.Interface(), nil
}

func reduceNumber[T int64 | uint64 | float64](name string, base, a, b T) T {
	switch name {
	case "max":
		return max(a, b)
	case "min":
		return min(a, b)
	}
	return Sum(base, a, b)
}

// reduceLists reduces two lists of one type.
func reduceLists(name string, base, a, b any) (any, error) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if x.Kind() != reflect.Slice || y.Kind() != reflect.Slice || x.Type() != y.Type() {
		return nil, fmt.Errorf("%s is for lists of one type, not %T and %T", name, a, b)
	}
	had := 0
	if begin := reflect.ValueOf(base); begin.Kind() == reflect.Slice {
		had = min(begin.Len(), y.Len())
	}
	out := x.Slice3(0, x.Len(), x.Len())
	if name == "append" {
		return reflect.AppendSlice(out, y.Slice(had, y.Len())).Interface(), nil
	}
	var c comparer
	c.facts = new(facts)
	for i := range y.Len() {
		if !contains(&c, out, y.Index(i)) {
			out = reflect.Append(out, y.Index(i))
		}
	}
	return out.Interface(), nil
}

func contains(c *comparer, list, item reflect.Value) bool {
	for i := range list.Len() {
		if c.equal(list.Index(i), item) {
			return true
		}
	}
	return false
}
