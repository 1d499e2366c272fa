package state

import (
	"bytes"
	"math"
	"math/cmplx"
	"reflect"
	"unsafe"
)

// equal reports whether a and b are the same value to a merge: of the same type and with the same
// content. It differs from reflect.DeepEqual where a copy must equal what it was made of: NaN equals
// itself, and what is kept by reference (functions, channels, errors, locks) equals itself and nothing
// else. A nil map or slice is not an empty one.
func equal(f *facts, a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case string:
		y, ok := b.(string)
		return ok && x == y
	case int:
		y, ok := b.(int)
		return ok && x == y
	case bool:
		y, ok := b.(bool)
		return ok && x == y
	}
	if b == nil || reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	c := comparer{facts: f}
	return c.equal(reflect.ValueOf(a), reflect.ValueOf(b))
}

type comparer struct {
	facts *facts
	open  map[[2]reference]struct{} // pairs met before: equal unless the rest says otherwise
}

// equal compares two values of one type.
func (c *comparer) equal(a, b reflect.Value) bool {
	t := a.Type()
	switch t.Kind() {
	case reflect.Struct:
		return c.equalFields(addressable(a), addressable(b))
	case reflect.Array:
		return c.equalItems(a, b)
	case reflect.Interface:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		a, b = a.Elem(), b.Elem()
		return a.Type() == b.Type() && c.equal(a, b)
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return c.equalReferences(a, b, t)
	case reflect.Func:
		return closure(a) == closure(b)
	case reflect.Float32, reflect.Float64:
		x, y := a.Float(), b.Float()
		return x == y || math.IsNaN(x) && math.IsNaN(y)
	case reflect.Complex64, reflect.Complex128:
		x, y := a.Complex(), b.Complex()
		return x == y || cmplx.IsNaN(x) && cmplx.IsNaN(y)
	}
	return a.Equal(b)
}

func (c *comparer) equalFields(a, b reflect.Value) bool {
	for i := range a.NumField() {
		if a.Type().Field(i).Name != "_" && !c.equal(field(a, i), field(b, i)) {
			return false
		}
	}
	return true
}

func (c *comparer) equalItems(a, b reflect.Value) bool {
	for i := range a.Len() {
		if !c.equal(a.Index(i), b.Index(i)) {
			return false
		}
	}
	return true
}

func (c *comparer) equalReferences(a, b reflect.Value, t reflect.Type) bool {
	if a.IsNil() || b.IsNil() {
		return a.IsNil() && b.IsNil()
	}
	x, y := reference{at: a.UnsafePointer(), typ: t}, reference{at: b.UnsafePointer(), typ: t}
	if t.Kind() != reflect.Pointer {
		if a.Len() != b.Len() {
			return false
		}
		x.len, y.len = a.Len(), b.Len()
	}
	if x == y || c.met(x, y) {
		return true
	}
	switch {
	case c.facts.flat(t):
		return false // kept by reference: what it points to must not be read
	case t.Kind() == reflect.Pointer:
		return c.equal(a.Elem(), b.Elem())
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return bytes.Equal(a.Bytes(), b.Bytes())
	case t.Kind() == reflect.Slice:
		return c.equalItems(a, b)
	}
	for entry := a.MapRange(); entry.Next(); {
		other := b.MapIndex(entry.Key())
		if !other.IsValid() || !c.equal(entry.Value(), other) {
			return false
		}
	}
	return true
}

// met notes a pair of references and reports whether it was noted before.
func (c *comparer) met(x, y reference) bool {
	pair := [2]reference{x, y}
	if _, ok := c.open[pair]; ok {
		return true
	}
	if c.open == nil {
		c.open = make(map[[2]reference]struct{})
	}
	c.open[pair] = struct{}{}
	return false
}

// addressable returns v, or a shallow copy of it whose fields can be reached by address.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	return out
}

// closure returns the identity of a function value: unlike reflect.Value.Pointer it tells two closures
// over different variables apart.
func closure(v reflect.Value) unsafe.Pointer {
	return *(*unsafe.Pointer)(addressable(v).Addr().UnsafePointer())
}
