package state

import (
	"io"
	"reflect"
	"sync"
	"time"
)

// facts remembers, for each type met in the values of one key, whether a value of it needs copying.
// The zero value is ready.
type facts struct {
	known sync.Map // reflect.Type → bool
}

// flat reports whether a value of type t may be shared: it leads to nothing that can be modified in
// place, or it is something that must be kept by reference.
func (f *facts) flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Struct, reflect.Array, reflect.Interface:
	default:
		return true // numbers, strings, booleans, functions, channels, unsafe pointers
	}
	if known, ok := f.known.Load(t); ok {
		return known.(bool)
	}
	flat := isFlat(t)
	f.known.Store(t, flat)
	return flat
}

func isFlat(t reflect.Type) bool {
	if byReference(t) {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer:
		return byReference(t.Elem())
	case reflect.Slice, reflect.Map, reflect.Interface:
		return false
	case reflect.Array:
		return t.Len() == 0 || isFlat(t.Elem())
	case reflect.Struct:
		for field := range t.Fields() {
			if !isFlat(field.Type) {
				return false
			}
		}
	}
	return true
}

// byReference reports whether values of t, and what a *T points to, are never copied: a copy would
// lose what they are for (locks, resources, errors and types, which are compared by identity), or
// could not differ (times).
func byReference(t reflect.Type) bool {
	switch {
	case t == reflect.TypeFor[time.Time](), t == reflect.TypeFor[time.Location]():
		return true
	case t.PkgPath() == "unique":
		return true
	case t.Kind() == reflect.Interface || t.Kind() == reflect.Pointer:
		return implements(t)
	}
	return implements(reflect.PointerTo(t)) || locked(t)
}

// locked reports whether t is a lock or holds one by value, at any depth: then it is as uncopyable as
// the lock.
func locked(t reflect.Type) bool {
	if t.PkgPath() == "sync/atomic" || reflect.PointerTo(t).Implements(reflect.TypeFor[sync.Locker]()) {
		return true
	}
	switch t.Kind() {
	case reflect.Array:
		return locked(t.Elem())
	case reflect.Struct:
		for field := range t.Fields() {
			if locked(field.Type) {
				return true
			}
		}
	}
	return false
}

// implements reports whether t has the methods of something that is kept by reference.
func implements(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[sync.Locker]()) ||
		t.Implements(reflect.TypeFor[io.Closer]()) ||
		t.Implements(reflect.TypeFor[error]()) ||
		t.Implements(reflect.TypeFor[reflect.Type]())
}
