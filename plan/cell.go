package plan

import (
	"context"
	"reflect"
	"sync"
)

// Cell holds a value on its way from one step of a block to the next where both know its type: a pointer in an any costs nothing,
// while a string or a struct is boxed, which allocates. Nobody but the two ops looks into it, and the engine to see how long a
// text is. A cell is empty before it is used again, and a run that ends on the way drops it: no run sees another's value.
type Cell[T any] struct {
	// V is the value.
	V T
}

// take empties the cell.
func (c *Cell[T]) take() T {
	var none T
	v := c.V
	c.V = none
	return v
}

// Typed is implemented by nodes that only call a function from one type to another. In a sequence, neighbours whose types meet
// pass values on in cells: the optimisation "typed". Its plain twin is the op that Build gives.
type Typed interface {
	// Forms gives what the function compiles to there; nil: the step knows values as any only.
	Forms() *Forms
}

// Forms are the ops of one function by how its value comes and goes: in a cell or as any. But for that they do the same: the
// value is given to the function as it is, an error goes back alone.
type Forms struct {
	in, out reflect.Type
	// reuses takes a cell and gives the same one; nil where the types differ.
	reuses Op
	// op makes the others: from is where the cell that it takes goes back to, to where the one that it gives comes from; nil: as any.
	op func(from, to *sync.Pool) Op
}

// FormsOf gives the forms of f.
func FormsOf[I, O any](f func(context.Context, I) (O, error)) *Forms {
	forms := &Forms{in: reflect.TypeFor[I](), out: reflect.TypeFor[O](), op: func(from, to *sync.Pool) Op {
		switch {
		case from == nil:
			return gives(f, to)
		case to == nil:
			return takes(f, from)
		}
		return changes(f, from, to)
	}}
	if same, ok := any(f).(func(context.Context, I) (I, error)); ok {
		forms.reuses = reuses(same)
	}
	return forms
}

// gives takes any value and gives a cell.
func gives[I, O any](f func(context.Context, I) (O, error), to *sync.Pool) Op {
	return func(ctx context.Context, _ Frame, in any) (any, error) {
		v, err := As[I](in)
		if err != nil {
			return nil, err
		}
		out, err := f(ctx, v)
		if err != nil {
			return nil, err
		}
		return fill(to, out), nil
	}
}

// reuses takes a cell and gives the same one.
func reuses[T any](f func(context.Context, T) (T, error)) Op {
	return func(ctx context.Context, _ Frame, in any) (any, error) {
		c := in.(*Cell[T])
		out, err := f(ctx, c.take())
		if err != nil {
			return nil, err
		}
		c.V = out
		return in, nil
	}
}

// changes takes a cell of one type and gives one of another. What it took goes back before the function runs, so that a step that
// waits holds no cell.
func changes[I, O any](f func(context.Context, I) (O, error), from, to *sync.Pool) Op {
	return func(ctx context.Context, _ Frame, in any) (any, error) {
		v := in.(*Cell[I]).take()
		from.Put(in)
		out, err := f(ctx, v)
		if err != nil {
			return nil, err
		}
		return fill(to, out), nil
	}
}

// takes takes a cell and gives its value as any.
func takes[I, O any](f func(context.Context, I) (O, error), from *sync.Pool) Op {
	return func(ctx context.Context, _ Frame, in any) (any, error) {
		v := in.(*Cell[I]).take()
		from.Put(in)
		out, err := f(ctx, v)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
}

// fill puts a value into an empty cell.
func fill[T any](from *sync.Pool, v T) *Cell[T] {
	c, _ := from.Get().(*Cell[T])
	if c == nil {
		c = new(Cell[T])
	}
	c.V = v
	return c
}
