package validate

import (
	"context"
	"reflect"
	"slices"

	"github.com/weirflow/weir/plan"
)

// Strict makes the step a validation step: one whose output is a verdict on something, which is its last word. Every part
// judges, plugins first and then checks, on what the plugins left, which is the step's output when all pass. When some do
// not, the step fails with *Error, which tells all of them, and has no output; neither a retry nor a fallback of the step
// answers that. What the step itself fails with is an ordinary failure.
//
// The step's record has the notes "validation_passed", true or false, and "validation_results". A mistake in a part is told by
// Compile. No parts: every output passes.
func Strict(parts ...Part) plan.Layer { return newWhole(parts, true) }

// Report is Strict for verdicts that do not stop the run: when some parts find something wrong the step succeeds with the
// output that the plugins left, "validation_passed" is false, and "feedback" tells what is wrong.
func Report(parts ...Part) plan.Layer { return newWhole(parts, false) }

// whole is the layer of a validation step.
type whole struct {
	parts  []Part
	strict bool
}

func newWhole(parts []Part, strict bool) *whole {
	sorted := slices.Clone(parts)
	slices.SortStableFunc(sorted, before)
	return &whole{sorted, strict}
}

// Name is "validate".
func (*whole) Name() string { return "validate" }

// Analyse says what judges the step.
func (w *whole) Analyse(a *plan.Analysis) {
	a.HasValidators = true
	for _, p := range w.parts {
		_, replaces := rank(p)
		a.HasPlugins = a.HasPlugins || replaces
	}
}

// Wrap puts the judges behind next.
func (w *whole) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	v := &verdict{whole: w, site: b.Site(), out: b.Step().Out, heard: heard(b.Site())}
	names := map[string]bool{}
	for _, p := range w.parts {
		if p == nil {
			b.Failf("a part of the validation step is nil; leave it out")
			return next
		}
		title := p.Title()
		if wrong := p.Unfit(b.Step().Out); wrong != "" {
			b.Failf("check %q: %s", title, wrong)
		} else if names[title] {
			b.Failf("two parts of the validation step are called %q; rename one", title)
		}
		names[title] = true
		v.asked = append(v.asked, b.Decision("validate "+title))
	}
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := next(ctx, f, in)
		if err != nil {
			return out, err
		}
		return v.judge(ctx, f, in, out)
	}
}

// verdict is the compiled layer.
type verdict struct {
	*whole
	site *plan.Site
	out  reflect.Type
	// asked remembers what each part said, in runs that may be resumed; nil elsewhere.
	asked []plan.Decision
	heard bool
}

// judge lets every part judge, and says what that comes to.
func (v *verdict) judge(ctx context.Context, f plan.Frame, in, out any) (any, error) {
	e := &Error{Results: make([]Result, 0, len(v.parts)), site: v.site, all: true}
	for i, p := range v.parts {
		left, err := v.ask(ctx, f, i, out, in)
		if err != nil && (plan.Final(err) || ctx.Err() != nil) {
			return out, err
		}
		if err == nil && left != nil && v.out != nil && !reflect.TypeOf(left).AssignableTo(v.out) {
			left, err = out, &broken{plan.Errorf(plan.CodeType, "it leaves a %T, but the step gives a %v", left, v.out)}
		}
		e.add(p.Title(), err)
		if err == nil {
			out = left
		}
	}
	f.Note(v.site, "validation_passed", e.Err == nil)
	f.Note(v.site, "validation_results", e.Results)
	if v.heard {
		tell(ctx, v, e.Results)
	}
	switch {
	case e.Err == nil:
		return out, nil
	case v.strict:
		return nil, plan.NoFallback(e)
	}
	f.Note(v.site, "feedback", e.feedback())
	return out, nil
}

// ask gives what part i leaves of the output, and what it finds wrong.
func (v *verdict) ask(ctx context.Context, f plan.Frame, i int, out, in any) (any, error) {
	if v.asked[i] == nil {
		return judged(ctx, v.parts[i], f, out, in)
	}
	return v.asked[i](ctx, f, 0, func() (any, error) { return judged(ctx, v.parts[i], f, out, in) })
}
