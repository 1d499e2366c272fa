package resource

import (
	"context"
	"errors"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/weirflow/weir/plan"
)

// ExitGrace is how long Exit may take after the run was stopped.
const ExitGrace = 10 * time.Second

// Use enters r before each attempt of the step and leaves it after. A step reads what Enter gave with From. A nil Resource is
// a mistake that Compile reports.
//
// A failure to enter or leave is an ordinary failure of the attempt, with plan.CodeResource. An attempt costs a context: one
// allocation, and one for a T that is no pointer.
func Use[T any](r Resource[T]) plan.Layer { return &layer[T]{r} }

type layer[T any] struct{ resource Resource[T] }

// Name is "attempt".
func (*layer[T]) Name() string { return "attempt" }

// Wrap enters before next and leaves after it.
func (l *layer[T]) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if f, ok := l.resource.(funcs[T]); l.resource == nil || ok && f.enter == nil {
		b.Failf("resource.Use: the resource of type %v is nil; give one, or leave the layer out", reflect.TypeFor[T]())
		return next
	}
	s := &scope[T]{resource: l.resource, site: b.Site(), next: next}
	return s.run
}

// scope is the compiled layer.
type scope[T any] struct {
	resource Resource[T]
	site     *plan.Site
	next     plan.Op
}

// errGone is what Exit is told when the step's goroutine has ended without a word (runtime.Goexit).
var errGone = errors.New("the goroutine of the step has ended")

// run is the op.
func (s *scope[T]) run(ctx context.Context, f plan.Frame, in any) (out any, err error) {
	v, err := s.enter(ctx)
	if err != nil {
		return nil, failure(ctx, "enter", err)
	}
	err = errGone
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, &plan.PanicError{Value: p, Stack: debug.Stack()}
		}
		err = s.leave(ctx, f, v, err)
	}()
	out, err = s.next(context.WithValue(ctx, key[T]{}, v), f, in)
	return out, err
}

// leave tells the resource how the attempt ended, and gives the attempt's error.
func (s *scope[T]) leave(ctx context.Context, f plan.Frame, v T, err error) error {
	told, _ := plan.StateKept(err)
	wrong := s.exit(ctx, v, told)
	switch {
	case wrong == nil:
		return err
	case err == nil:
		return failure(ctx, "leave", wrong)
	}
	f.Note(s.site, "warnings", []string{"resource: " + failure(ctx, "leave", wrong).Error()})
	return err
}

// failure is the error of an attempt whose resource failed.
func failure(ctx context.Context, what string, err error) error {
	if plan.Final(err) || ctx.Err() != nil {
		return err
	}
	return plan.Errorf(plan.CodeResource, "cannot %s the resource of the step: %w", what, err)
}

// enter calls Enter; a panic is an error.
func (s *scope[T]) enter(ctx context.Context) (v T, err error) {
	defer caught(&err)
	return s.resource.Enter(ctx)
}

// exit calls Exit; a panic is an error.
func (s *scope[T]) exit(ctx context.Context, v T, attempt error) (err error) {
	defer caught(&err)
	if ctx.Err() != nil {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), ExitGrace)
		defer cancel()
		ctx = grace
	}
	return s.resource.Exit(ctx, v, attempt)
}

func caught(err *error) {
	if p := recover(); p != nil {
		*err = &plan.PanicError{Value: p, Stack: debug.Stack()}
	}
}
