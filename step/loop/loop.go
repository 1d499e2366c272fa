package loop

import (
	"context"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

// Until runs body round after round until done says so of its output, and at most max times: reaching max is a failure
// with the code max_loops. A max below 1, or a nil done, is a mistake that Compile reports. A round costs no allocation of
// the loop's own; a value that is no pointer and no small integer costs one when the body returns it (see weir.Func).
func Until[T any](name string, max int, done func(T) bool, body weir.Step[T, T], opts ...Option) weir.Step[T, T] {
	s := written(body.Written(), max, opts)
	s.hooks.until = asks(done)
	if done == nil {
		s.mistake("the condition of Until is nil; for a fixed number of rounds use Times")
	}
	return weir.Make[T, T](name, s.node())
}

// While runs body round after round as long as more says so, and at most max times. More is asked before each round: of
// the loop's input at first, of the last output then. No round at all returns the input. Max is as in Until.
func While[T any](name string, max int, more func(T) bool, body weir.Step[T, T], opts ...Option) weir.Step[T, T] {
	s := written(body.Written(), max, opts)
	s.hooks.while = asks(more)
	if more == nil {
		s.mistake("the condition of While is nil; for a fixed number of rounds use Times")
	}
	return weir.Make[T, T](name, s.node())
}

// Times runs body n times, each round on what the one before it gave. An n below 1 is a mistake that Compile reports.
func Times[T any](name string, n int, body weir.Step[T, T], opts ...Option) weir.Step[T, T] {
	return weir.Make[T, T](name, written(body.Written(), n, opts).node())
}

// asks takes the types off a condition.
func asks[T any](cond func(T) bool) ask {
	return func(_ context.Context, _ plan.Frame, at moment) (bool, error) {
		v, err := plan.As[T](at.last)
		if err != nil {
			return false, err
		}
		return cond(v), nil
	}
}
