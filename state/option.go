package state

// KeyOption says how a key behaves. Its only makers are the functions of this package.
type KeyOption[T any] func(*declaration) error

// Default makes v the value of the key while it is not set; without it that is the zero value. It takes
// v over. A key with a Default that a run was begun with (Key.With, Declare) shows in its snapshots.
func Default[T any](v T) KeyOption[T] {
	return func(d *declaration) error {
		d.def, d.stated = d.entry(v), true
		return nil
	}
}

// Immutable says that nobody modifies values of this key in place, so that Get need not copy them.
func Immutable[T any]() KeyOption[T] {
	return func(d *declaration) error {
		d.immutable = true
		return nil
	}
}

// Nullable lets Scope.Store and the like set the key to nil though its type has none. A typed Get then
// gives the zero value.
func Nullable[T any]() KeyOption[T] {
	return func(d *declaration) error {
		d.nullable = true
		return nil
	}
}

// Reduce says what a merge makes of two changes of the key: f is given the value at the fork point, the
// value as merged so far, and the branch's. Without it two different changes are a conflict. f is
// called for each change after the first, also if it is to the same value, in declared order of the
// branches; the values are its own. It may be called again if the target of the merge is written
// meanwhile.
//
// Sum, Max, Min, Append and Union are ready to use: state.Reduce(state.Sum[int]).
func Reduce[T any](f func(base, a, b T) T) KeyOption[T] {
	return func(d *declaration) error {
		d.reducer = functionName
		d.reduce = func(base, a, b any) (any, error) {
			return f(as[T](d, base), as[T](d, a), as[T](d, b)), nil
		}
		return nil
	}
}

// ReduceBy is Reduce with a ready reducer by name: sum, max, min (numbers), append, union (lists).
// Another name is an error of Declare and a panic of NewKey.
func ReduceBy[T any](name string) KeyOption[T] {
	return func(d *declaration) error {
		f, err := reducerNamed(name, d.typ)
		d.reduce, d.reducer = f, name
		return err
	}
}
