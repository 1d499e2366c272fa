package state

import (
	"io"
	"reflect"
	"sync"
)

// Whole says that a copy of v is a value of its own. Copy keeps by reference what must not be copied: channels, functions, locks,
// and what has a Close method; a v that holds one of them is not whole, since its copy leads to the same. Errors count as
// whole: nobody changes them.
func (c *Copier) Whole(v any) bool {
	switch v.(type) {
	case nil, string, bool, int, int64, float64:
		return true
	}
	w := looker{seen: map[reference]bool{}}
	return w.whole(reflect.ValueOf(v))
}

// looker looks for what a copy would share.
type looker struct{ seen map[reference]bool }

func (w *looker) whole(v reflect.Value) bool {
	t := v.Type()
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return v.IsNil()
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		if v.IsNil() {
			return true
		}
	case reflect.Struct, reflect.Array:
	default:
		return true
	}
	if byReference(t) {
		return !resource(t)
	}
	switch t.Kind() {
	case reflect.Interface:
		return w.whole(v.Elem())
	case reflect.Struct:
		for _, field := range v.Fields() {
			if !w.whole(field) {
				return false
			}
		}
		return true
	case reflect.Pointer, reflect.Map, reflect.Slice:
		ref := reference{at: v.UnsafePointer(), typ: t}
		if t.Kind() == reflect.Slice {
			ref.len = v.Len()
		}
		if w.seen[ref] {
			return true // it is being looked at, or was
		}
		w.seen[ref] = true
	}
	return w.parts(v)
}

// parts looks at what a pointer, map, slice or array leads to.
func (w *looker) parts(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return w.whole(v.Elem())
	case reflect.Map:
		for entry := v.MapRange(); entry.Next(); {
			if !w.whole(entry.Key()) || !w.whole(entry.Value()) {
				return false
			}
		}
		return true
	}
	if scalar(v.Type().Elem()) {
		return true
	}
	for i := range v.Len() {
		if !w.whole(v.Index(i)) {
			return false
		}
	}
	return true
}

// scalar says that values of t hold nothing but themselves.
func scalar(t reflect.Type) bool {
	return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Complex128 || t.Kind() == reflect.String
}

// resource says that what is kept by reference can change, in contrast to errors, times and types.
func resource(t reflect.Type) bool {
	if t.Kind() != reflect.Interface && t.Kind() != reflect.Pointer {
		if locked(t) {
			return true
		}
		t = reflect.PointerTo(t)
	}
	return t.Implements(reflect.TypeFor[sync.Locker]()) || t.Implements(reflect.TypeFor[io.Closer]())
}
