package state

import (
	"context"
	"fmt"
	"reflect"
)

// Key is a named value of type T in the state of a run. Keys are made by NewKey, usually once, as
// package variables; two keys of one name are the same key and must have one type. The zero Key is not
// usable. A Key is immutable and safe for several goroutines.
type Key[T any] struct{ d *declaration }

// NewKey declares a key. It panics with one sentence if name is empty or "scratchpad".
func NewKey[T any](name string, opts ...KeyOption[T]) Key[T] {
	d, err := declare(name, reflect.TypeFor[T]())
	for i := 0; err == nil && i < len(opts); i++ {
		err = opts[i](d)
	}
	if err != nil {
		panic(err.Error())
	}
	if d.def == nil {
		var zero T
		d.def = d.entry(zero)
	}
	d.def.flat = d.shares(d.def.value) // Immutable may have come after Default
	return Key[T]{d}
}

// Name returns the name of the key.
func (k Key[T]) Name() string { return k.d.name }

// Get returns the value, or the default if none is set. The value is yours: it is copied once per
// scope, unless it needs no copy. Editing it in place is seen by later Gets in this scope only, and is
// not a change. Outside a run Get gives the default.
func (k Key[T]) Get(ctx context.Context) T {
	s := ScopeOf(ctx)
	if s == nil {
		return as[T](k.d, k.d.def.fresh())
	}
	return as[T](k.d, s.own(s.now.Load().resolve(k.d)))
}

// View is Get without the copy: the value is shared and must not be modified.
func (k Key[T]) View(ctx context.Context) T {
	s := ScopeOf(ctx)
	if s == nil {
		return as[T](k.d, k.d.def.value)
	}
	return as[T](k.d, s.views.note(s.now.Load().resolve(k.d)))
}

// Set changes the value and takes v over: what v points to must not be modified afterwards. It panics
// outside a run.
func (k Key[T]) Set(ctx context.Context, v T) { k.scope(ctx, "Set").set(k.d, v) }

// Update changes the value to what f makes of it, as one step for all who use this scope. f is given a
// value of its own, and runs again if another goroutine changed the key meanwhile; it must not write
// the key itself. The copy makes adding to a large list cost its length each time. Update panics
// outside a run.
func (k Key[T]) Update(ctx context.Context, f func(T) T) {
	k.scope(ctx, "Update").update(k.d, func(v any) any { return f(as[T](k.d, v)) })
}

// Delete makes the key unset. It panics outside a run.
func (k Key[T]) Delete(ctx context.Context) { k.scope(ctx, "Delete").Remove(k.d.name) }

// From returns the value in a snapshot, which is yours (copied each time), and whether there is one of
// type T.
func (k Key[T]) From(s Snapshot) (T, bool) {
	v, ok := s.Get(k.d.name)
	if v == nil {
		var zero T
		return zero, ok && nilable(k.d.typ.Kind())
	}
	t, ok := v.(T)
	return t, ok
}

// Declared returns the key without a value, to declare it for runs: names that are written at run time are
// checked against it, and merges use its reducer.
func (k Key[T]) Declared() Value { return Value{key: k.d} }

// With returns the key with a value, to begin a run with. It takes v over: all runs begun with it share
// it.
func (k Key[T]) With(v T) Value { return Value{key: k.d, value: v, set: true} }

// scope returns the scope of ctx or panics.
func (k Key[T]) scope(ctx context.Context, verb string) *Scope {
	if s := ScopeOf(ctx); s != nil {
		return s
	}
	panic(fmt.Sprintf("state: %s of key %q outside a run: use the context that the step was given (in a test, one of weirtest.Context)", verb, k.d.name))
}

// as returns v as a T; nil is the zero value.
func as[T any](d *declaration, v any) T {
	t, ok := v.(T)
	if !ok && v != nil {
		panic(fmt.Sprintf("state: key %q holds %T, not %s: use one type for one name", d.name, v, d.typ))
	}
	return t
}
