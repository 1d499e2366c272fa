package state

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// ErrNoObject is the cause of a *PathError where a map on the way does not exist or is something else.
var ErrNoObject = errors.New("not an object with text keys")

var errBadPath = errors.New("a path is the name of a key that is not private, then names after dots, none of them empty")

// TypeError says that a value does not fit the declared type of a key. Nothing was written.
type TypeError struct {
	// Key is the name of the key, or the dotted path of a place inside its value.
	Key string
	// Want is the declared type.
	Want reflect.Type
	// Value is what was to be stored.
	Value any
}

// Error names the key and both types, not the value.
func (e *TypeError) Error() string {
	if e.Value == nil {
		return fmt.Sprintf("state: key %q holds %s and cannot be nil: declare it Nullable, or store a value", e.Key, e.Want)
	}
	return fmt.Sprintf("state: key %q holds %s, and this %T does not fit: convert it first", e.Key, e.Want, e.Value)
}

// PathError says that nothing could be stored at a dotted path. Nothing was written.
type PathError struct {
	// Path is the whole path, At the part of it that failed.
	Path, At string
	// Err is ErrNoObject, ErrScratchpad, a *TypeError, or says that the path is none.
	Err error
}

// Error names the path, the part of it that failed, and why.
func (e *PathError) Error() string {
	cause := strings.TrimPrefix(e.Err.Error(), "state: ")
	if errors.Is(e.Err, ErrNoObject) {
		return fmt.Sprintf("state: cannot store at %q: %q is %s: store one there first", e.Path, e.At, cause)
	}
	return fmt.Sprintf("state: cannot store at %q: %s", e.Path, cause)
}

// Unwrap returns Err.
func (e *PathError) Unwrap() error { return e.Err }

// UnknownKeyError says that keys were named that are neither set nor declared.
type UnknownKeyError struct {
	// Keys are the unknown names, Known the others, both without the private ones.
	Keys, Known []string
}

// Error names the unknown keys and the known ones.
func (e *UnknownKeyError) Error() string {
	return fmt.Sprintf("state: unknown key %s: declare it, or use one of %s", quoted(e.Keys), quoted(e.Known))
}

func quoted(names []string) string {
	if len(names) == 0 {
		return "(none)"
	}
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", name)
	}
	return b.String()
}
