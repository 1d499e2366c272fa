package plan

import (
	"context"
	"reflect"
	"sync"
)

// cell holds a value on its way from one step of a block to the next where both know its type: a pointer in an any costs nothing,
// while a string or a struct is boxed, which allocates. Nobody but the two ops looks into it. A cell is empty before it is used
// again, and a run that ends on the way drops it: no run sees another's value.
type cell[T any] struct{ v T }

// take empties the cell.
func (c *cell[T]) take() T {
	var none T
	v := c.v
	c.v = none
	return v
}

// Typed is implemented by nodes that only call a function from one type to another. In a sequence, neighbours whose types meet
// pass values on in cells: the optimisation "typed". Its plain twin is the op that Build gives, in the idiom of
// Go libraries that keep functions of all types in one list: values in an any.
type Typed interface {
	// Forms gives what the function compiles to there; nil: the step knows values as any only.
	Forms() *Forms
}

// Forms are the ops of one function by how its value comes and goes: in a cell or as any. But for that they do the same: the
// value is given to the function as it is, an error goes back alone.
type Forms struct {
	in, out reflect.Type
	op      func(hop) Op
}

// hop is how the value of a step comes and goes.
type hop struct {
	// from is where the cell that the step takes goes back to, to where the one that it gives comes from; nil: as any. They are
	// the same where the types are.
	from, to *sync.Pool
	// limit is how many bytes of text may be given; 0: no limit.
	limit int64
}

// FormsOf gives the forms of f.
func FormsOf[I, O any](f func(context.Context, I) (O, error)) *Forms {
	return &Forms{in: reflect.TypeFor[I](), out: reflect.TypeFor[O](), op: func(h hop) Op {
		switch {
		case h.from == nil:
			return gives(f, h)
		case h.to == nil:
			return takes(f, h)
		}
		if same, ok := any(f).(func(context.Context, I) (I, error)); ok {
			return reuses(same, h)
		}
		return changes(f, h)
	}}
}

// gives takes any value and gives a cell.
func gives[I, O any](f func(context.Context, I) (O, error), h hop) Op {
	to, long := h.to, longer[O](h.limit)
	return func(ctx context.Context, _ Frame, in any) (any, error) {
		v, err := As[I](in)
		if err != nil {
			return nil, err
		}
		out, err := f(ctx, v)
		if err != nil {
			return nil, err
		}
		if long != nil && long(out) {
			return out, nil
		}
		return fill(to, out), nil
	}
}

// reuses takes a cell and gives the same one.
func reuses[T any](f func(context.Context, T) (T, error), h hop) Op {
	long := longer[T](h.limit)
	return func(ctx context.Context, _ Frame, in any) (any, error) {
		c := in.(*cell[T])
		out, err := f(ctx, c.take())
		if err != nil {
			return nil, err
		}
		if long != nil && long(out) {
			return out, nil
		}
		c.v = out
		return in, nil
	}
}

// changes takes a cell of one type and gives one of another. What it took goes back before the function runs, so that a step that
// waits holds no cell.
func changes[I, O any](f func(context.Context, I) (O, error), h hop) Op {
	from, to, long := h.from, h.to, longer[O](h.limit)
	return func(ctx context.Context, _ Frame, in any) (any, error) {
		v := in.(*cell[I]).take()
		from.Put(in)
		out, err := f(ctx, v)
		if err != nil {
			return nil, err
		}
		if long != nil && long(out) {
			return out, nil
		}
		return fill(to, out), nil
	}
}

// takes takes a cell and gives its value as any.
func takes[I, O any](f func(context.Context, I) (O, error), h hop) Op {
	from := h.from
	return func(ctx context.Context, _ Frame, in any) (any, error) {
		v := in.(*cell[I]).take()
		from.Put(in)
		out, err := f(ctx, v)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
}

// fill puts a value into an empty cell.
func fill[T any](from *sync.Pool, v T) *cell[T] {
	c, _ := from.Get().(*cell[T])
	if c == nil {
		c = new(cell[T])
	}
	c.v = v
	return c
}

// longer finds texts of more bytes than a step may return; nil where T is no text. They are given as any, for the engine to refuse: so
// it need not look into cells.
func longer[T any](limit int64) func(T) bool {
	if limit <= 0 {
		return nil
	}
	var f any
	switch any(*new(T)).(type) {
	case string:
		f = func(s string) bool { return int64(len(s)) > limit }
	case []byte:
		f = func(b []byte) bool { return int64(len(b)) > limit }
	}
	long, _ := f.(func(T) bool)
	return long
}
