package validate

import (
	"context"
	"errors"
	"reflect"
	"runtime/debug"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Check is one named check of an output. It is a plan.Layer by itself and a part of All. The zero value is a mistake that
// Compile reports.
type Check struct {
	name string
	// in is the type of output that the check takes; nil: any.
	in      reflect.Type
	mistake string
	// source is the expression as written; empty: the check is a Go function.
	source string
	check  func(ctx context.Context, f plan.Frame, out, in any) error
}

var _ plan.Layer = Check{}

// With checks the output of a step: an error says what is wrong with it. The check is called by several goroutines when
// runs or branches overlap, and must not change the output.
//
// An empty name, a nil function, or an O that the step's output never is, is a mistake that Compile reports.
func With[O any](name string, check func(O) error) Check {
	if check == nil {
		return Check{name: name, mistake: "its function is nil"}
	}
	return typed(name, func(_ context.Context, out O) error { return check(out) })
}

// Context is With for a check that needs the step's context: to read run state, or to end with the run.
func Context[O any](name string, check func(context.Context, O) error) Check {
	if check == nil {
		return Check{name: name, mistake: "its function is nil"}
	}
	return typed(name, check)
}

// Expr checks that an expression over output and previous_step is true; message says what is wrong when it is false, and
// may be empty. An expression that fails, or gives something else than true or false, counts as a failed check.
func Expr(name string, e spec.Expr, message string) Check {
	if !e.Set() {
		return Check{name: name, mistake: "its expression is empty"}
	}
	if message == "" {
		message = "not true: " + e.Source
	}
	return Check{name: name, source: e.Source, check: func(ctx context.Context, _ plan.Frame, out, in any) error {
		v, err := e.Eval(ctx, spec.Vars{spec.VarOutput: out, spec.VarPrevious: in})
		if err != nil {
			return &broken{err}
		}
		switch ok, isBool := v.(bool); {
		case !isBool:
			return &broken{plan.Errorf(plan.CodeExpression, "%s gives %s; it must give true or false", e.Source, plan.Describe(v))}
		case !ok:
			return errors.New(message)
		}
		return nil
	}}
}

// Func is a check by a registered function, which a blueprint names. It is given the output and returns true or nothing when
// it finds nothing wrong; false, a text that says what is wrong, or an error, when it does.
func Func(name string, f spec.Func) Check {
	if f.Call == nil {
		return Check{name: name, mistake: "its function is nil"}
	}
	return Check{name: name, check: func(ctx context.Context, frame plan.Frame, out, _ any) error {
		v, err := f.Call(ctx, frame, out)
		if err != nil {
			return err
		}
		switch said := v.(type) {
		case nil:
			return nil
		case bool:
			if !said {
				return errors.New("not true: " + f.Name)
			}
			return nil
		case string:
			if said != "" {
				return errors.New(said)
			}
			return nil
		}
		return &broken{plan.Errorf(plan.CodeType, "%s gives %s; it must give true, false or a text that says what is wrong", f.Name, plan.Describe(v))}
	}}
}

func typed[O any](name string, check func(context.Context, O) error) Check {
	return Check{name: name, in: reflect.TypeFor[O](), check: func(ctx context.Context, _ plan.Frame, out, _ any) error {
		v, err := plan.As[O](out)
		if err != nil {
			return &broken{plan.Errorf(plan.CodeType, "it checks a %v, but the step gave %s", reflect.TypeFor[O](), plan.Describe(out))}
		}
		return check(ctx, v)
	}}
}

// broken is the error of a check that could not be made, in contrast to one that found something wrong.
type broken struct{ error }

func (e *broken) Unwrap() error { return e.error }

// run makes the check. A panic is a check that could not be made.
func (c *Check) run(ctx context.Context, f plan.Frame, out, in any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &broken{&plan.PanicError{Value: p, Stack: debug.Stack()}}
		}
	}()
	return c.check(ctx, f, out, in)
}

// wrong says what makes the check unusable on a step that gives values of type out; empty for nothing.
func (c *Check) wrong(out reflect.Type) string {
	switch {
	case c.mistake != "":
		return c.mistake
	case c.check == nil:
		return "it was never made (a zero Check)"
	case c.name == "":
		return "it has no name; results and errors are told by it"
	case c.in != nil && out != nil && out.Kind() != reflect.Interface && !out.AssignableTo(c.in):
		return "it checks a " + c.in.String() + ", but the step gives a " + out.String()
	}
	return ""
}
