package plugin

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
)

// With lets plugins judge what the step returns, in the order of their priorities. Several layers of plugins round one step
// judge one after the other, the inner ones first. A mistake in a plugin or a target is told by Compile.
func With(plugins ...Plugin) plan.Layer {
	sorted := slices.Clone(plugins)
	slices.SortStableFunc(sorted, func(a, b Plugin) int { return cmp.Compare(b.priority, a.priority) })
	return layer(sorted)
}

// layer are the plugins as they run.
type layer []Plugin

// Name is "plugin".
func (layer) Name() string { return "plugin" }

// Analyse says that the step has plugins.
func (ps layer) Analyse(a *plan.Analysis) { a.HasPlugins = a.HasPlugins || len(ps) > 0 }

// Wrap puts the plugins behind next.
func (ps layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if len(ps) == 0 {
		return next
	}
	c := &chain{plugins: ps, site: b.Site(), own: b.Step().Name, next: next, out: b.Step().Out}
	own := workOf(b.Step())
	works := []any{own}
	names := map[string]bool{}
	for i := range ps {
		p := &ps[i]
		if wrong := p.wrong(b.Step().Out); wrong != "" {
			b.Failf("plugin %q: %s", p.name, wrong)
			continue
		}
		if names[p.name] {
			b.Failf("two plugins are called %q; rename one", p.name)
		}
		names[p.name] = true
		c.asked = append(c.asked, b.Decision("plugin "+p.name))
		for _, s := range p.targets {
			if wrong := unfit(s, b.Step()); wrong != "" {
				b.Failf("plugin %q: %s", p.name, wrong)
				continue
			}
			c.target(b, s, &works)
		}
	}
	c.handed = b.Decision("plugin redirect")
	return c.run
}

// target builds a step to hand the work to, once for all plugins that name it.
func (c *chain) target(b *plan.Builder, s *plan.Step, works *[]any) {
	work := workOf(s)
	n := slices.Index(*works, work)
	if n < 0 {
		n = len(*works)
		*works = append(*works, work)
	}
	for _, t := range c.targets {
		if t.name != s.Name {
			continue
		}
		if t.work != n {
			b.Failf("two targets of plugins are called %q; rename one", s.Name)
		}
		return
	}
	t := target{name: s.Name, work: n}
	if n > 0 { // the step's own work is never run again
		t.op = b.Instead(s)
	}
	c.targets = append(c.targets, t)
}

// workOf tells works apart: by the node, and where nodes cannot be compared by kind, type and name.
func workOf(s *plan.Step) any {
	if reflect.ValueOf(s.Node).Kind() == reflect.Pointer {
		return s.Node
	}
	return strings.Join([]string{s.Node.Kind(), reflect.TypeOf(s.Node).String(), s.Name}, "\x00")
}

// unfit says what keeps a step from being a target of the step it stands for; empty for nothing.
func unfit(s, of *plan.Step) string {
	switch {
	case s == nil || s.Node == nil:
		return "a target is empty: it was never made (a nil or zero Step)"
	case s.Name == "":
		return "a target has no name; plugins tell it by its name"
	case s.In != nil && of.In != nil && !fits(of.In, s.In):
		return "target " + s.Name + " takes " + s.In.String() + ", but the step is given " + of.In.String()
	case s.Out != nil && of.Out != nil && !fits(s.Out, of.Out):
		return "target " + s.Name + " gives " + s.Out.String() + ", but the step gives " + of.Out.String()
	}
	return ""
}

// fits says that a value of type out may be given where in is asked for.
func fits(out, in reflect.Type) bool {
	return out.AssignableTo(in) || out.Kind() == reflect.Interface
}

// run is the op.
func (c *chain) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	out, err := c.next(ctx, f, in)
	if err != nil {
		return out, err
	}
	return c.judge(ctx, f, in, out)
}
