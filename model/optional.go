package model

import "encoding/json"

// Optional is a value that may be absent. The zero value is absent, which is not the same as a value of zero.
type Optional[T any] struct {
	value T
	set   bool
}

// Set makes a value that is there.
func Set[T any](v T) Optional[T] { return Optional[T]{value: v, set: true} }

// Get gives the value and whether there is one.
func (o Optional[T]) Get() (T, bool) { return o.value, o.set }

// IsZero says that there is no value; JSON leaves it out with omitzero.
func (o Optional[T]) IsZero() bool { return !o.set }

// MarshalJSON writes the value, or null.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.set {
		return []byte("null"), nil
	}
	return json.Marshal(o.value)
}

// UnmarshalJSON reads a value; null is absent.
func (o *Optional[T]) UnmarshalJSON(b []byte) error {
	var v *T
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*o = Optional[T]{}
	if v != nil {
		*o = Set(*v)
	}
	return nil
}
