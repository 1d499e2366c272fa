package validate

import (
	"context"
	"reflect"
	"runtime/debug"

	"github.com/weirflow/weir/plan"
)

// Part is one judge of a validation step: a Check, or a plugin of package layer/plugin. A part with a method Rank() int may
// replace the output: it runs before those without, higher ranks first.
type Part interface {
	// Title is the name by which results tell the part.
	Title() string
	// Judge gives the output that the part leaves, which is the one it was given unless it replaces it, and what is wrong
	// with it. It is called by several goroutines when runs or branches overlap.
	Judge(ctx context.Context, f plan.Frame, out, in any) (any, error)
	// Unfit says why the part cannot judge outputs of a type, nil being any; empty: it can.
	Unfit(out reflect.Type) string
}

var _ Part = Check{}

// Title is the check's name. Title, Judge and Unfit make a Check a part of a validation step.
func (c Check) Title() string { return c.name }

// Judge makes the check.
func (c Check) Judge(ctx context.Context, f plan.Frame, out, in any) (any, error) {
	return out, c.run(ctx, f, out, in)
}

// Unfit says what makes the check unusable on outputs of a type.
func (c Check) Unfit(out reflect.Type) string { return c.wrong(out) }

// rank orders parts: those that replace the output first.
func rank(p Part) (n int, ranked bool) {
	if r, ok := p.(interface{ Rank() int }); ok {
		return r.Rank(), true
	}
	return 0, false
}

// before compares parts by when they run.
func before(a, b Part) int {
	x, first := rank(a)
	y, other := rank(b)
	switch {
	case first && !other:
		return -1
	case other && !first:
		return 1
	case x > y:
		return -1
	case x < y:
		return 1
	}
	return 0
}

// judged is Judge; a panic is a part that could not judge.
func judged(ctx context.Context, p Part, f plan.Frame, out, in any) (left any, err error) {
	defer func() {
		if r := recover(); r != nil {
			left, err = out, &broken{&plan.PanicError{Value: r, Stack: debug.Stack()}}
		}
	}()
	return p.Judge(ctx, f, out, in)
}
