package codec

import "reflect"

// Codec turns values into bytes and back. Implementations are safe for use by several goroutines.
type Codec interface {
	// Encode gives the bytes of a value. What they cannot bring back is an error: nothing is lost in silence.
	Encode(v any) ([]byte, error)
	// Decode gives the value back. With t nil the value has the very types that were encoded; otherwise it is a t, or an
	// error. The bytes may be anybody's: Decode never panics, and what it builds is bounded by their length.
	Decode(data []byte, t reflect.Type) (any, error)
}

// Of is the type T, for New and With.
func Of[T any]() reflect.Type { return reflect.TypeFor[T]() }
