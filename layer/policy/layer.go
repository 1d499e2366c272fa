package policy

import (
	"context"
	"reflect"
	"runtime/debug"

	"github.com/weirflow/weir/plan"
)

// By asks p before the step runs. A nil Policy is a mistake that Compile reports. What a policy replaced is noted under
// "input_replaced".
func By(p Policy) plan.Layer { return &layer{p} }

type layer struct{ policy Policy }

// Name is "policy".
func (*layer) Name() string { return "policy" }

// Wrap asks before next.
func (l *layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if l.policy == nil {
		b.Failf("policy.By(nil): give a Policy, or leave the layer out")
		return next
	}
	g := &guard{policy: l.policy, site: b.Site(), in: b.Step().In, about: Action{Step: b.Step().Name, Kind: b.Step().Node.Kind()}}
	if g.site != nil {
		a := &g.site.Analysis
		g.about.Asks, g.about.Model, g.about.Tools = a.Model, a.ModelName, a.Tools
	}
	g.asked = b.Decision("policy")
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		v, err := g.decide(ctx, f, in)
		if err != nil {
			return nil, err
		}
		if v.Replaced {
			f.Note(g.site, "input_replaced", true)
			in = v.Input
		}
		return next(ctx, f, in)
	}
}

// guard is the compiled layer.
type guard struct {
	policy Policy
	site   *plan.Site
	in     reflect.Type // what the step takes; nil: any
	about  Action       // all that does not depend on the run
	asked  plan.Decision
}

// decide gives a verdict that allows, or the error of a denial.
func (g *guard) decide(ctx context.Context, f plan.Frame, in any) (Verdict, error) {
	a := g.about
	a.Run, a.Path, a.Input = f.RunID(), f.Path(g.site), in
	v, err := g.ask(ctx, f, a)
	switch {
	case err != nil && (plan.Final(err) || ctx.Err() != nil):
		return v, err
	case err != nil:
		return v, plan.Errorf(plan.CodeDenied, "the policy could not decide, which denies the step: %w", err)
	case !v.Allow && v.Reason == "":
		return v, plan.Errorf(plan.CodeDenied, "the policy denies the step")
	case !v.Allow:
		return v, plan.Errorf(plan.CodeDenied, "the policy denies the step: %s", v.Reason)
	case v.Replaced && v.Input != nil && g.in != nil && !reflect.TypeOf(v.Input).AssignableTo(g.in):
		return v, plan.Errorf(plan.CodeDenied, "the policy replaces the input by a %T, but the step takes a %v, which denies the step", v.Input, g.in)
	}
	return v, nil
}

func (g *guard) ask(ctx context.Context, f plan.Frame, a Action) (Verdict, error) {
	if g.asked == nil {
		return g.verdict(ctx, a)
	}
	v, err := g.asked(ctx, f, 0, func() (any, error) { return g.verdict(ctx, a) })
	if err != nil {
		return Verdict{}, err
	}
	return plan.As[Verdict](v)
}

// verdict asks the policy; a panic is an error.
func (g *guard) verdict(ctx context.Context, a Action) (v Verdict, err error) {
	defer func() {
		if p := recover(); p != nil {
			v, err = Verdict{}, &plan.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return g.policy.Decide(ctx, a)
}
