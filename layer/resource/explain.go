package resource

import "reflect"

// Explain names the type of the resource.
func (l *layer[T]) Explain() string {
	return "has a " + reflect.TypeFor[T]().String() + " of its own in each attempt"
}
