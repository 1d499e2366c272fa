package state

import (
	"reflect"
	"slices"
)

// Value is a declared key, with a value or without, for a run to begin with. The zero Value is not
// usable. Key.With and Declare make them.
type Value struct {
	key   *declaration
	value any
	set   bool
}

// Name returns the name of the key.
func (v Value) Name() string { return v.key.name }

// Type returns the type of the key, nil where it may hold any.
func (v Value) Type() reflect.Type { return v.key.typ }

// Reduced reports whether the key has a reducer, so that changes of several branches are no conflict.
func (v Value) Reduced() bool { return v.key.reduce != nil }

// Declarations are the keys that every run of a plan begins with. What looks at a pipeline while it is compiled asks for
// them as a component of the builder.
type Declarations []Value

// Find returns the declaration of a name; the last of several counts.
func (d Declarations) Find(name string) (Value, bool) {
	for _, v := range slices.Backward(d) {
		if v.key != nil && v.key.name == name {
			return v, true
		}
	}
	return Value{}, false
}

// With returns v with a value, which it takes over. It fails with *TypeError if the value does not fit.
func (v Value) With(value any) (Value, error) {
	fitted, err := v.key.fit(value)
	if err != nil {
		return Value{}, err
	}
	return Value{key: v.key, value: fitted, set: true}, nil
}

// Declare declares a key by name alone, for pipelines that are not written in Go. The key has the type
// of def and is def while not set; a nil def allows any type. Options are Immutable[any](),
// Nullable[any](), Reduce[any](f), ReduceBy[any](name). It fails if name is empty or "scratchpad", or
// if the reducer does not go with the type.
func Declare(name string, def any, opts ...KeyOption[any]) (Value, error) {
	var typ reflect.Type
	if def != nil {
		typ = reflect.TypeOf(def)
	}
	d, err := declare(name, typ)
	if err != nil {
		return Value{}, err
	}
	d.def, d.stated = d.entry(def), true
	for _, opt := range opts {
		if err := opt(d); err != nil {
			return Value{}, err
		}
	}
	if _, err := d.fit(d.def.value); err != nil {
		return Value{}, err // Default[any] of another type than def
	}
	d.def.flat = d.shares(d.def.value)
	return Value{key: d}, nil
}
