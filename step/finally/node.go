package finally

import (
	"context"
	"errors"
	"time"

	"github.com/weirflow/weir/plan"
)

// node is the kind finally. Immutable.
type node struct {
	spec    Spec
	outcome func(in, out any, err error) any
}

// Kind is "finally".
func (*node) Kind() string { return "finally" }

// Children are the body and the cleanup.
func (n *node) Children() []plan.Child {
	kids := []plan.Child{{Step: n.spec.Body.Step}, {Step: n.spec.Cleanup.Step}}
	if c := n.spec.Cleanup.Step; c == nil || c.Name == "" {
		kids[1].Label = "cleanup"
	}
	return kids
}

// Build makes the op.
func (n *node) Build(b *plan.Builder) plan.Op {
	if err := n.spec.checkTimeout(); err != nil {
		b.Fail(err)
		return nil
	}
	r := &runner{site: b.Site(), body: b.Child(0), cleanup: b.Child(1), timeout: n.spec.Timeout, outcome: n.outcome, kept: b.Decision("cleanup")}
	return r.run
}

// runner is a body with its cleanup: immutable, shared by all runs.
type runner struct {
	site          *plan.Site
	body, cleanup *plan.Block
	timeout       time.Duration
	outcome       func(in, out any, err error) any
	kept          plan.Decision // whether the time of the cleanup was over
}

// run is the op.
func (r *runner) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	out, err := f.Do(ctx, r.body, -1, in)
	if plan.CodeOf(err) == plan.CodePaused {
		return out, err // it has not ended
	}
	wrong := r.cleaned(ctx, f, r.outcome(in, out, err))
	if wrong == nil {
		return out, err
	}
	if plan.CodeOf(wrong) == plan.CodePaused && !plan.Final(err) {
		return nil, wrong // the cleanup has not ended; when it goes on the body is known
	}
	f.Note(r.site, "cleanup_error", wrong.Error())
	switch {
	case err == nil:
		return out, wrong
	case plan.Final(err):
		return out, err
	}
	return out, &Error{Err: err, Cleanup: wrong}
}

// errTime is why the context of a cleanup ends.
var errTime = errors.New("the time of the cleanup is over")

// cleaned runs the cleanup. In a run that is resumed it is stopped where its time was over before.
func (r *runner) cleaned(ctx context.Context, f plan.Frame, outcome any) (err error) {
	jerr := r.kept.Cut(ctx, f, func(ctx context.Context) any {
		if err = r.clean(ctx, f, outcome); plan.CodeOf(err) == plan.CodeTimeout {
			return true
		}
		return nil
	}, func(any) {
		past, stop := plan.Bygone(context.WithoutCancel(ctx), errTime)
		defer stop()
		_, err = f.Do(past, r.cleanup, -1, outcome)
		stop()
		err = r.late(past, err)
	})
	if jerr != nil {
		return jerr
	}
	return err
}

// clean runs the cleanup in a context that the end of the run does not end.
func (r *runner) clean(ctx context.Context, f plan.Frame, outcome any) error {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), r.timeout, errTime)
	defer cancel()
	_, err := f.Do(ctx, r.cleanup, -1, outcome)
	return r.late(ctx, err)
}

// late is the error of a cleanup that its context has stopped.
func (r *runner) late(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && plan.CodeOf(err) == plan.CodeCanceled {
		return &plan.Error{Code: plan.CodeTimeout, Text: "the cleanup did not end within " + r.timeout.String() + ": " + err.Error(), Err: err}
	}
	return err
}
