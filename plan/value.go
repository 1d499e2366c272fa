package plan

import "fmt"

// As gives v as a T. Nil gives the zero value; a value of another type is a CodeType error.
func As[T any](v any) (T, error) {
	t, ok := v.(T)
	if ok || v == nil {
		return t, nil
	}
	return t, Errorf(CodeType, "the step takes %T but got %T; put a step before it that turns one into the other", *new(T), v)
}

// Describe names the type of a value in an error's text: nil is nothing.
func Describe(v any) string {
	if v == nil {
		return "nothing"
	}
	return fmt.Sprintf("%T", v)
}
