package fallback

import (
	"context"
	"errors"
	"strconv"

	"github.com/weirflow/weir/plan"
)

// Kind is "fallback".
func (*chain) Kind() string { return "fallback" }

// Children are the steps that a run can come to, the primary first.
func (c *chain) Children() []plan.Child {
	steps, _ := c.reach()
	kids := make([]plan.Child, len(steps))
	unnamed := 0
	for i, s := range steps {
		kids[i].Step = s
		if i > 0 && s != nil && s.Name == "" {
			unnamed++
			kids[i].Label = "fallback"
			if unnamed > 1 {
				kids[i].Label += strconv.Itoa(unnamed)
			}
		}
	}
	return kids
}

// Build makes the op.
func (c *chain) Build(b *plan.Builder) plan.Op {
	if b.Step().Name == "" {
		b.Failf("a fallback bears the name of its primary, and this one has none: give the primary one with Named")
		return nil
	}
	kids := c.Children()
	_, stop := c.reach()
	r := &relay{site: b.Site(), stop: stop, diagnostics: c.diagnostics}
	for i, kid := range kids {
		name := nameOf(kid.Step)
		if name == "" {
			name = kid.Label
		}
		block := b.Child(i)
		t := try{name: name, op: func(ctx context.Context, f plan.Frame, in any) (any, error) {
			return f.Do(ctx, block, -1, in)
		}}
		if len(block.Steps) == 1 && block.Steps[0].Site != nil && block.Steps[0].Site.Index == block.Lo {
			t.site = block.Steps[0].Site
		}
		r.tries = append(r.tries, t)
	}
	return r.run
}

// relay is a fallback as it runs: immutable, shared by all runs.
type relay struct {
	tries       []try // the primary first
	stop        string
	site        *plan.Site
	diagnostics bool
}

// try is one step of the chain.
type try struct {
	name any // as a note takes it
	op   plan.Op
	site *plan.Site // nil for a sequence, whose steps have sites of their own
}

// last says that a failure is the last word of the step itself (plan.NoFallback), and not of one below it.
func (t *try) last(f plan.Frame, err error) bool {
	if !plan.Settled(err) {
		return false
	}
	e, ok := errors.AsType[*plan.StepError](err)
	return ok && t.site != nil && e.Path == f.Path(t.site)
}

// run is the op. Each step is tried as one attempt, so that the next finds the state as the first did.
func (r *relay) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	out, err := f.Try(ctx, r.tries[0].op, in)
	if err == nil || stays(err) || r.tries[0].last(f, err) {
		return out, err
	}
	return r.fallBack(ctx, f, in, out, err)
}

// stays says that a failure does not fall back.
func stays(err error) bool { return plan.Final(err) || plan.CodeOf(err) == plan.CodePrompt }

// fallBack tries the alternates, after the primary failed with first.
func (r *relay) fallBack(ctx context.Context, f plan.Frame, in, out any, first error) (any, error) {
	invalid := errors.Is(first, plan.ErrValidation)
	f.Note(r.site, "fallback_triggered", true)
	f.Note(r.site, "original_error", first.Error())
	if invalid {
		f.Note(r.site, "validation_failure", true)
	}
	failed := &Error{Failures: []error{first}}
	attempts := attemptsOf(first)
	for i := 1; i < len(r.tries); i++ {
		t := &r.tries[i]
		var err error
		out, err = f.Try(ctx, t.op, in)
		if err == nil {
			f.Note(r.site, "attempts", attempts+1)
			r.succeeded(f, t.name, first, invalid)
			return out, nil
		}
		if stays(err) || t.last(f, err) {
			return out, err
		}
		failed.Failures = append(failed.Failures, err)
		attempts += attemptsOf(err)
	}
	f.Note(r.site, "attempts", attempts)
	if r.stop != "" {
		return out, &plan.Error{Code: plan.CodeFallbackLoop, Text: r.stop + "; " + failed.Error(), Err: failed}
	}
	return out, failed
}

// succeeded notes that an alternate gave the output.
func (r *relay) succeeded(f plan.Frame, name any, first error, invalid bool) {
	f.Note(r.site, "ran", name)
	if invalid {
		f.Note(r.site, "validation_fallback_used", true)
	}
	if r.diagnostics {
		f.Note(r.site, "feedback", "Primary agent failed: "+first.Error())
	}
}

// attemptsOf is how many attempts a failed step made.
func attemptsOf(err error) int {
	if e, ok := errors.AsType[*plan.StepError](err); ok {
		return max(1, e.Attempt)
	}
	return 1
}
