package state

import (
	"reflect"
	"unsafe"
)

// clone returns a deep copy of v. Pointers, maps and slices that v holds more than once, or that lead
// back to themselves, are copied once.
func clone(f *facts, v any) any {
	switch v.(type) {
	case nil, string, bool, int, int64, float64:
		return v
	}
	c := cloner{facts: f}
	return c.copy(reflect.ValueOf(v)).Interface()
}

type cloner struct {
	facts *facts
	seen  map[reference]reflect.Value
}

// reference is a place in memory as one type sees it: a pointer, a map, or a slice of a length.
type reference struct {
	at  unsafe.Pointer
	len int
	typ reflect.Type
}

// copy returns a deep copy of v, which must not come from an unexported field (see field).
func (c *cloner) copy(v reflect.Value) reflect.Value {
	t := v.Type()
	if c.facts.flat(t) {
		return v
	}
	switch t.Kind() {
	case reflect.Interface:
		return c.copyInterface(v, t)
	case reflect.Array, reflect.Struct:
		out := reflect.New(t).Elem()
		out.Set(v)
		c.copyParts(out)
		return out
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if v.IsNil() {
			return v
		}
		return c.copyReference(v, t)
	}
	return v
}

func (c *cloner) copyInterface(v reflect.Value, t reflect.Type) reflect.Value {
	if v.IsNil() {
		return v
	}
	out := reflect.New(t).Elem()
	out.Set(c.copy(v.Elem()))
	return out
}

// copyParts replaces each part of an array or struct by its copy.
func (c *cloner) copyParts(out reflect.Value) {
	if out.Kind() == reflect.Array {
		for i := range out.Len() {
			part := out.Index(i)
			part.Set(c.copy(part))
		}
		return
	}
	for i := range out.NumField() {
		if c.facts.flat(out.Type().Field(i).Type) {
			continue
		}
		part := field(out, i)
		part.Set(c.copy(part))
	}
}

func (c *cloner) copyReference(v reflect.Value, t reflect.Type) reflect.Value {
	ref := reference{at: v.UnsafePointer(), typ: t}
	if t.Kind() == reflect.Slice {
		ref.len = v.Len()
	}
	if out, ok := c.seen[ref]; ok {
		return out
	}
	if c.seen == nil {
		c.seen = make(map[reference]reflect.Value)
	}
	switch t.Kind() {
	case reflect.Pointer:
		out := reflect.New(t.Elem())
		c.seen[ref] = out.Convert(t)
		out.Elem().Set(c.copy(v.Elem()))
	case reflect.Slice:
		out := reflect.MakeSlice(t, v.Len(), v.Len())
		c.seen[ref] = out
		c.copyItems(out, v)
	case reflect.Map:
		out := reflect.MakeMapWithSize(t, v.Len())
		c.seen[ref] = out
		for entry := v.MapRange(); entry.Next(); {
			out.SetMapIndex(entry.Key(), c.copy(entry.Value()))
		}
	}
	return c.seen[ref]
}

func (c *cloner) copyItems(out, v reflect.Value) {
	if c.facts.flat(v.Type().Elem()) {
		reflect.Copy(out, v)
		return
	}
	for i := range v.Len() {
		out.Index(i).Set(c.copy(v.Index(i)))
	}
}

// field returns field i of an addressable struct so that it can be read and set though it be unexported.
func field(v reflect.Value, i int) reflect.Value {
	f := v.Field(i)
	if f.CanSet() {
		return f
	}
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}
