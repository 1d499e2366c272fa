package validate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
)

// All makes one layer of several checks. Several checks given to With one by one judge the same output too, but those that
// passed inside one that failed are not among its results; All keeps every result.
func All(checks ...Check) plan.Layer { return all(checks) }

type all []Check

// Name is "validate".
func (Check) Name() string { return "validate" }

// Name is "validate".
func (all) Name() string { return "validate" }

// Fingerprint is the check's name.
func (c Check) Fingerprint() string { return fmt.Sprintf("%q", c.name) }

// Fingerprint is the checks' names.
func (cs all) Fingerprint() string {
	var b strings.Builder
	for _, c := range cs {
		b.WriteString(c.Fingerprint())
	}
	return b.String()
}

// Analyse says that the step has validators.
func (Check) Analyse(a *plan.Analysis) { a.HasValidators = true }

// Analyse says that the step has validators.
func (cs all) Analyse(a *plan.Analysis) { a.HasValidators = a.HasValidators || len(cs) > 0 }

// Explain names the check.
func (c Check) Explain() string { return all{c}.Explain() }

// Explain names the checks, with their expressions.
func (cs all) Explain() string {
	texts := make([]string, len(cs))
	for i, c := range cs {
		texts[i] = c.name
		if c.source != "" {
			texts[i] += " (" + plan.Ticked(c.source) + ")"
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return "checks the output: " + strings.Join(texts, ", ")
}

// Wrap puts the check behind next.
func (c Check) Wrap(b *plan.Builder, next plan.Op) plan.Op { return all{c}.Wrap(b, next) }

// Wrap puts the checks behind next.
func (cs all) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	sound := true
	for i := range cs {
		if wrong := cs[i].wrong(b.Step().Out); wrong != "" {
			b.Failf("check %q: %s", cs[i].name, wrong)
			sound = false
		}
	}
	if !sound || len(cs) == 0 {
		return next
	}
	site := b.Site()
	j := &judging{checks: cs, site: site, heard: heard(site)}
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := next(ctx, f, in)
		if err != nil {
			inner, ok := errors.AsType[*Error](err)
			if !ok || inner.site != site || inner.all {
				return out, err
			}
			// Checks inside this layer have refused the same output: say what these ones find, too.
			return j.judge(ctx, f, out, in, inner)
		}
		return j.judge(ctx, f, out, in, nil)
	}
}

// judging is the compiled layer.
type judging struct {
	checks all
	site   *plan.Site
	heard  bool
}

// judge makes every check. Inner is what checks of the same step said that stand inside these ones.
func (j *judging) judge(ctx context.Context, f plan.Frame, out, in any, inner *Error) (any, error) {
	cs := j.checks
	var errs []error // by check; made at the first failure
	for i := range cs {
		err := cs[i].run(ctx, f, out, in)
		switch {
		case err == nil:
			continue
		case plan.Final(err) || ctx.Err() != nil:
			return out, err
		case errs == nil:
			errs = make([]error, len(cs))
		}
		errs[i] = err
	}
	if errs == nil && inner == nil && !j.heard {
		return out, nil
	}
	e := &Error{site: j.site}
	for i := range cs {
		var err error
		if errs != nil {
			err = errs[i]
		}
		e.add(cs[i].name, err)
	}
	if j.heard {
		tell(ctx, j, slices.Clone(e.Results))
	}
	if e.Err == nil && inner == nil {
		return out, nil
	}
	if inner != nil {
		e.Results = append(e.Results, inner.Results...)
		if e.Err == nil {
			e.Err = inner.Err
		}
	}
	f.Note(j.site, "validation_results", e.Results)
	return out, plan.NoRetry(e)
}
