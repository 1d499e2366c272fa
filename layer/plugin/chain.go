package plugin

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
)

// chain is the compiled layer: immutable, shared by all runs.
type chain struct {
	plugins []Plugin
	targets []target
	next    plan.Op
	site    *plan.Site
	// own is the name of the step, out the type that it gives; nil: any.
	own string
	out reflect.Type
	// asked remembers what each plugin said, handed what targets returned, in runs that may be resumed; nil elsewhere.
	asked  []plan.Decision
	handed plan.Decision
}

// target is a step that work can be handed to.
type target struct {
	name string
	// work numbers what does the work; 0 is the step's own. Targets of one number are the same work.
	work int
	op   plan.Op
}

// judge lets the plugins judge an output, and what targets return in its place.
func (c *chain) judge(ctx context.Context, f plan.Frame, in, out any) (any, error) {
	var ran []*target // made at the first redirect
	for {
		judged, to, err := c.evaluate(ctx, f, len(ran), out)
		if to == nil || err != nil {
			return judged, err
		}
		if to.work == 0 || slices.ContainsFunc(ran, func(t *target) bool { return t.work == to.work }) {
			return judged, c.looped(ran, to)
		}
		ran = append(ran, to)
		f.Note(c.site, "redirected_to", []string{to.name})
		if out, err = c.hand(ctx, f, len(ran), to, in); err != nil {
			return out, err
		}
	}
}

// evaluate lets every plugin judge one output, once. It gives what they left of it, or the target that is to do the work.
func (c *chain) evaluate(ctx context.Context, f plan.Frame, round int, out any) (any, *target, error) {
	for i := range c.plugins {
		p := &c.plugins[i]
		said, err := c.ask(ctx, f, i, round, out)
		switch {
		case err != nil && (plan.Final(err) || ctx.Err() != nil):
			return out, nil, err
		case err != nil:
			return out, nil, &Error{Plugin: p.name, Err: err}
		case said.RedirectTo != "":
			to, err := c.find(p, said.RedirectTo)
			return out, to, err
		case !said.Success:
			return out, nil, &Error{Plugin: p.name, Feedback: said.Feedback}
		case said.NewSolution != nil:
			if t := reflect.TypeOf(said.NewSolution); c.out != nil && !t.AssignableTo(c.out) {
				return out, nil, plan.NoRetry(&Error{Plugin: p.name, Err: plan.Errorf(plan.CodeType,
					"its new solution is a %v, but the step gives a %v", t, c.out)})
			}
			out = said.NewSolution
		}
	}
	return out, nil, nil
}

// ask gives what plugin i says of an output.
func (c *chain) ask(ctx context.Context, f plan.Frame, i, round int, out any) (Outcome, error) {
	p := &c.plugins[i]
	if c.asked[i] == nil {
		return p.run(ctx, f, out)
	}
	v, err := c.asked[i](ctx, f, round, func() (any, error) { return p.run(ctx, f, out) })
	if err != nil {
		return Outcome{}, err
	}
	return plan.As[Outcome](v)
}

// hand lets a target do the work.
func (c *chain) hand(ctx context.Context, f plan.Frame, round int, to *target, in any) (any, error) {
	if c.handed == nil {
		return to.op(ctx, f, in)
	}
	return c.handed(ctx, f, round, func() (any, error) { return to.op(ctx, f, in) })
}

// find gives a target of a plugin by its name.
func (c *chain) find(p *Plugin, name string) (*target, error) {
	if slices.ContainsFunc(p.targets, func(s *plan.Step) bool { return s.Name == name }) {
		for i := range c.targets {
			if c.targets[i].name == name {
				return &c.targets[i], nil
			}
		}
	}
	return nil, plan.NoRetry(&Error{Plugin: p.name, Err: plan.Errorf(plan.CodeConfig,
		"it redirects to %q, which is none of its targets; give it the step with plugin.Targets", name)})
}

// looped is the error of a redirect to what has run already.
func (c *chain) looped(ran []*target, to *target) error {
	names := []string{c.own}
	for _, t := range ran {
		names = append(names, t.name)
	}
	return plan.Errorf(plan.CodeRedirect, "redirect loop: %s, which has done the work already",
		strings.Join(append(names, to.name), " → "))
}
