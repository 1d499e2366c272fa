//go:build !weirdebug

package pool

// guard is nothing in an ordinary build: see the twin under the tag weirdebug.
type guard[T any] struct{}

func (*guard[T]) returned(*T) {}
func (*guard[T]) put(*T)      {}
func (*guard[T]) got(*T)      {}
func (*guard[T]) gone(*T)     {}
