package codec

import (
	"errors"
	"fmt"
)

// misfit is what is wrong with a value, and where in it.
type misfit struct {
	path string
	err  error
}

func (m *misfit) Error() string { return m.path + ": " + m.err.Error() }
func (m *misfit) Unwrap() error { return m.err }

// placed puts the place that an error is at before the place it already has.
func placed(err error, at string) error {
	if err == nil {
		return nil
	}
	if m, ok := errors.AsType[*misfit](err); ok {
		if len(m.path) < 200 { // a path of a deep value is cut at its inner end
			m.path = at + m.path
		}
		return m
	}
	return &misfit{at, err}
}

var (
	errDepth = fmt.Errorf("it nests deeper than %d", maxDepth)
	errCycle = errors.New("it leads back to itself; values with cycles cannot be encoded")
)
