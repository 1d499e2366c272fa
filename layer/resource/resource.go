// Package resource is the layer that gives each attempt of a step a resource of its own: a transaction, a lease, a directory.
//
// A resource is entered before each attempt and left after it, once for each time it was entered, with the attempt's error:
// nil commits, an error rolls back. That holds when the attempt fails, panics, pauses for a person and is cancelled. An
// attempt that is paused is made anew when the run is resumed, so the resource is entered anew, too.
//
// # Where it stands
//
// In the one order the layer stands inside the retry, outside checks and plugins: their refusals roll back. Round a step with
// children the resource is that of the whole step; branches share it, so it must be safe for use by several goroutines then.
// The resource of a step that has failed sees that failure, also when a fallback answers it; put the layer round the fallback
// for one resource that sees what came out in the end.
package resource

import "context"

// Resource is entered and left round each attempt. It is used by several goroutines when runs or branches overlap; what
// belongs to one attempt is the T.
type Resource[T any] interface {
	// Enter gives what the attempt works with. An error is the attempt's failure; the step does not run, and Exit is not
	// called.
	Enter(ctx context.Context) (T, error)
	// Exit ends the attempt: err is what it failed with, nil when it succeeded. An error, when the attempt had succeeded,
	// is its failure; otherwise it is a warning in the step's record. The context lives on for ExitGrace when the run has
	// been stopped, so that there is time to roll back.
	Exit(ctx context.Context, v T, err error) error
}

// key is where a context holds the T of the innermost resource of that type.
type key[T any] struct{}

// From gives what the innermost resource round the step made of type T; ok is false where there is none.
func From[T any](ctx context.Context) (v T, ok bool) {
	v, ok = ctx.Value(key[T]{}).(T)
	return v, ok
}

// Funcs makes a Resource of two functions. A nil exit does nothing.
func Funcs[T any](enter func(context.Context) (T, error), exit func(ctx context.Context, v T, err error) error) Resource[T] {
	return funcs[T]{enter, exit}
}

type funcs[T any] struct {
	enter func(context.Context) (T, error)
	exit  func(context.Context, T, error) error
}

// Enter calls the function.
func (r funcs[T]) Enter(ctx context.Context) (T, error) { return r.enter(ctx) }

// Exit calls the function.
func (r funcs[T]) Exit(ctx context.Context, v T, err error) error {
	if r.exit == nil {
		return nil
	}
	return r.exit(ctx, v, err)
}
