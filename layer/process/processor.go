package process

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// processor is one function of a chain.
type processor struct {
	name string
	// takes is the type it works on; nil: any.
	takes reflect.Type
	call  plan.Op
}

// typed takes the types off functions, which are told apart by their position from 1.
func typed[T any](fs []func(context.Context, T) (T, error)) []processor {
	ps := make([]processor, len(fs))
	for i, f := range fs {
		ps[i] = processor{name: fmt.Sprint(i + 1), takes: reflect.TypeFor[T]()}
		if f == nil {
			continue
		}
		ps[i].call = func(ctx context.Context, _ plan.Frame, v any) (any, error) {
			in, err := plan.As[T](v)
			if err != nil {
				return nil, plan.Errorf(plan.CodeType, "it takes a %v, but got %s", reflect.TypeFor[T](), plan.Describe(v))
			}
			return f(ctx, in)
		}
	}
	return ps
}

// named makes a chain of registered functions.
func named(fs []spec.Func) []processor {
	ps := make([]processor, len(fs))
	for i, f := range fs {
		ps[i] = processor{name: f.Name, call: f.Call}
	}
	return ps
}

// chain runs processors one after the other, each on what the one before it gave.
type chain struct {
	// what names the chain in texts: "prompt processor", "output processor".
	what string
	code plan.Code
	ps   []processor
}

// fingerprint is the names of the processors.
func (c *chain) fingerprint() string {
	var b strings.Builder
	for _, p := range c.ps {
		fmt.Fprintf(&b, "%q", p.name)
	}
	return b.String()
}

// check reports what makes the chain unusable on values of type t.
func (c *chain) check(b *plan.Builder, t reflect.Type) (sound bool) {
	sound = true
	for _, p := range c.ps {
		switch {
		case p.call == nil:
			b.Failf("%s %s is nil; leave it out", c.what, p.name)
		case p.takes != nil && t != nil && t.Kind() != reflect.Interface && !t.AssignableTo(p.takes):
			b.Failf("%s %s takes a %v, but gets a %v", c.what, p.name, p.takes, t)
		default:
			continue
		}
		sound = false
	}
	return sound
}

// explain says what changes a thing: registered functions by name, others by number.
func (c *chain) explain(thing string) string {
	var names []string
	for _, p := range c.ps {
		if p.takes == nil && p.name != "" {
			names = append(names, p.name)
		}
	}
	switch {
	case len(c.ps) == 0:
		return ""
	case len(names) == len(c.ps):
		return "changes " + thing + " by " + strings.Join(names, ", then ")
	}
	return "changes " + thing + " by " + plan.Count(len(c.ps), "Go function")
}

// run gives the value after the last processor, or the one at which it failed.
func (c *chain) run(ctx context.Context, f plan.Frame, v any) (any, error) {
	for i := range c.ps {
		next, err := c.ps[i].call(ctx, f, v)
		switch {
		case err == nil:
			v = next
		case plan.Final(err) || ctx.Err() != nil:
			return v, err
		default:
			return v, plan.Errorf(c.code, "%s %s failed: %w", c.what, c.ps[i].name, err)
		}
	}
	return v, nil
}

// once is run, which a run that is resumed does not repeat.
func (c *chain) once(ctx context.Context, f plan.Frame, d plan.Decision, v any) (any, error) {
	if d == nil {
		return c.run(ctx, f, v)
	}
	return d(ctx, f, 0, func() (any, error) { return c.run(ctx, f, v) })
}
