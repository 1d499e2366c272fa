package expr

import "fmt"

// Error is one thing wrong with an expression or template as written.
type Error struct {
	// Offset is where, in characters from the start of the source; it may be one past the end.
	Offset int
	// Text says what is wrong, and Hint what to do; Hint may be empty.
	Text, Hint string
}

// Error gives the text and the hint.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Text
	}
	return e.Text + "; " + e.Hint
}

func errorAt(offset int, hint, format string, args ...any) *Error {
	return &Error{Offset: offset, Text: fmt.Sprintf(format, args...), Hint: hint}
}

// shift moves errors to where their source stands in a longer text.
func shift(errs []*Error, by int) []*Error {
	for _, e := range errs {
		e.Offset += by
	}
	return errs
}
