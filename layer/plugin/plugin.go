package plugin

import (
	"context"
	"reflect"
	"runtime/debug"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Plugin is one named judge of an output: a part of With, and of a validation step (validate.Strict, validate.Report). It is
// immutable. The zero value is a mistake that Compile reports.
type Plugin struct {
	name string
	// takes is the type of output that the plugin takes; nil: any.
	takes    reflect.Type
	priority int
	targets  []*plan.Step
	judge    func(ctx context.Context, f plan.Frame, out any) (Outcome, error)
}

// Option changes a plugin.
type Option func(*Plugin)

// Priority says when the plugin runs: higher ones first, equal ones as they were given. Without it the priority is 0.
func Priority(n int) Option { return func(p *Plugin) { p.priority = n } }

// Targets are the steps that the plugin may hand the work to, by their names. Given twice, they add up.
func Targets(steps ...Target) Option {
	return func(p *Plugin) {
		for _, s := range steps {
			p.targets = append(p.targets, written(s))
		}
	}
}

// New makes a plugin of a function that is given each output. An error says that the output could not be judged, which
// refuses it. The function is called by several goroutines when runs or branches overlap, and must not change the output in
// place.
//
// An empty name, a nil function, or an O that the step's output never is, is a mistake that Compile reports.
func New[O any](name string, judge func(ctx context.Context, out O) (Outcome, error), opts ...Option) Plugin {
	p := Plugin{name: name, takes: reflect.TypeFor[O]()}
	if judge != nil {
		p.judge = func(ctx context.Context, _ plan.Frame, out any) (Outcome, error) {
			v, err := plan.As[O](out)
			if err != nil {
				return Outcome{}, plan.Errorf(plan.CodeType, "it takes a %v, but the step gave %s", reflect.TypeFor[O](), plan.Describe(out))
			}
			return judge(ctx, v)
		}
	}
	return p.with(opts)
}

// Rewrite makes a plugin of a function that gives the output another value; see New.
func Rewrite[O any](name string, rewrite func(ctx context.Context, out O) (O, error), opts ...Option) Plugin {
	if rewrite == nil {
		return New[O](name, nil, opts...)
	}
	return New(name, func(ctx context.Context, out O) (Outcome, error) {
		v, err := rewrite(ctx, out)
		if err != nil {
			return Outcome{}, err
		}
		return Replace(v), nil
	}, opts...)
}

// Func makes a plugin of a registered function, which a blueprint names. It returns an Outcome, or a value that takes the
// output's place, or nil to let the output stand.
func Func(f spec.Func, opts ...Option) Plugin {
	p := Plugin{name: f.Name}
	if f.Call != nil {
		p.judge = func(ctx context.Context, frame plan.Frame, out any) (Outcome, error) {
			v, err := f.Call(ctx, frame, out)
			if err != nil {
				return Outcome{}, err
			}
			switch said := v.(type) {
			case Outcome:
				return said, nil
			case *Outcome:
				if said != nil {
					return *said, nil
				}
				return Pass(), nil
			}
			return Replace(v), nil
		}
	}
	return p.with(opts)
}

func (p Plugin) with(opts []Option) Plugin {
	for _, o := range opts {
		if o != nil {
			o(&p)
		}
	}
	return p
}

// run calls the function; a panic is an error.
func (p *Plugin) run(ctx context.Context, f plan.Frame, out any) (o Outcome, err error) {
	defer func() {
		if r := recover(); r != nil {
			o, err = Outcome{}, &plan.PanicError{Value: r, Stack: debug.Stack()}
		}
	}()
	return p.judge(ctx, f, out)
}

// wrong says what makes the plugin unusable on a step that gives values of type out; empty for nothing.
func (p *Plugin) wrong(out reflect.Type) string {
	switch {
	case p.judge == nil && p.takes == nil && p.name == "":
		return "it was never made (a zero Plugin)"
	case p.judge == nil:
		return "its function is nil"
	case p.name == "":
		return "it has no name; errors tell it by its name"
	case p.takes != nil && out != nil && out.Kind() != reflect.Interface && !out.AssignableTo(p.takes):
		return "it takes a " + p.takes.String() + ", but the step gives a " + out.String()
	}
	return ""
}
