// Package input is the layer that gives a step another input than what the step before it returned.
package input

import (
	"context"
	"fmt"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// From replaces the step's input by a value rendered for it, which may read previous_step, the input that it replaces. The
// value is rendered once a step as long as the layer stands outside the retry, and noted under "templated_input".
//
// A value that cannot be rendered is the step's failure, with plan.CodeExpression; the step itself is not run then. A
// spec.Value without a program is a mistake that Compile reports.
func From(v spec.Value) plan.Layer { return &layer{v} }

type layer struct{ value spec.Value }

// Name is "input".
func (*layer) Name() string { return "input" }

// Fingerprint is the template.
func (l *layer) Fingerprint() string { return fmt.Sprint(l.value.Source) }

// Analyse says that the step reads state: an expression may.
func (*layer) Analyse(a *plan.Analysis) { a.NeedsState = true }

// Explain says what the input is.
func (l *layer) Explain() string { return "takes as input " + plan.Excerpt(l.value.Source) }

// Wrap renders the input before next.
func (l *layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if !l.value.Set() {
		b.Failf("input.From: the value was never compiled (a zero spec.Value); give one, or leave the layer out")
		return next
	}
	site, value := b.Site(), l.value
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		v, err := value.Eval(ctx, spec.Vars{spec.VarPrevious: in})
		switch {
		case err == nil:
		case plan.Final(err) || ctx.Err() != nil:
			return nil, err
		default:
			return nil, plan.Errorf(plan.CodeExpression, "input: cannot render %s: %w", excerpt(value.Source), err)
		}
		f.Note(site, "templated_input", v)
		return next(ctx, f, v)
	}
}

// excerpt is the template as errors show it, cut to a length that a person reads.
func excerpt(source any) string {
	const most = 120
	s := []rune(fmt.Sprint(source))
	if len(s) > most {
		s = append(s[:most], '…')
	}
	return fmt.Sprintf("%q", string(s))
}
