package hook

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// around is a step with its hooks: immutable, shared by all runs.
type around struct {
	*layer
	next plan.Op
	site *plan.Site
	log  *slog.Logger
	// begun and ended remember that the hooks of a step with children were told; nil where nothing is remembered.
	begun, ended plan.Decision
}

// run is the op.
func (a *around) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	step := Step{Run: f.RunID(), Path: f.Path(a.site), Name: a.site.Name, Kind: a.site.Kind, Input: in}
	if len(a.pre) > 0 {
		err := a.before(ctx, f, step)
		if plan.CodeOf(err) == plan.CodeAborted {
			return nil, plan.Standing(err, plan.NotRun)
		}
		if err != nil {
			return nil, err
		}
	}
	out, err := a.step(ctx, f, in)
	switch {
	case err == nil && len(a.post) > 0:
		return a.succeeded(ctx, f, a.end(ctx, f, step, out, nil))
	case err != nil && len(a.failure) > 0 && failed(ctx, err):
		return out, a.failed(ctx, f, a.end(ctx, f, step, out, err))
	}
	return out, err
}

// step runs the step. Its panic is a failure that hooks are told of.
func (a *around) step(ctx context.Context, f plan.Frame, in any) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, &plan.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return a.next(ctx, f, in)
}

// failed says that an error is the step's failure: it was not stopped, and does not wait for a person.
func failed(ctx context.Context, err error) bool {
	switch plan.CodeOf(err) {
	case plan.CodePaused, plan.CodeCanceled, plan.CodeDuration, plan.CodeAborted:
		return false
	}
	return ctx.Err() == nil
}

// end gathers what is told of a step that has ended.
func (a *around) end(ctx context.Context, f plan.Frame, step Step, out any, err error) StepEnd {
	facts := f.Facts(a.site)
	e := StepEnd{Step: step, Output: out, Err: err, Attempts: facts.Attempts, Elapsed: facts.Elapsed, Notes: facts.Notes}
	e.CacheHit, _ = facts.Notes[plan.CacheHit].(bool)
	if sink := usage.SinkOf(ctx); sink != nil {
		e.Usage = sink.Pending()
	}
	return e
}

// succeeded tells that the step has succeeded, and gives what it returned.
func (a *around) succeeded(ctx context.Context, f plan.Frame, end StepEnd) (any, error) {
	err := a.after(ctx, f, end)
	if plan.CodeOf(err) == plan.CodeAborted {
		err = plan.Standing(err, plan.Completed)
	}
	return end.Output, err
}

// failed tells that the step has failed, and gives the step's error: its own, together with that of a hook if there is one. An
// error that no handler may swallow stays as it is.
func (a *around) failed(ctx context.Context, f plan.Frame, end StepEnd) error {
	cause, kept := plan.StateKept(end.Err)
	told := end
	told.Err = cause
	err := a.tell(ctx, f, a.ended, func() (string, error) {
		return tell(onStepFailure, a.failure, a.strict, func(h OnStepFailure) error { return h.OnStepFailure(ctx, told) })
	})
	if err == nil {
		return end.Err
	}
	if plan.Final(cause) {
		a.note(f, err.Error())
		return end.Err
	}
	code := plan.CodeOf(cause)
	if plan.CodeOf(err) == plan.CodeAborted {
		code = plan.CodeAborted
	}
	err = &plan.Error{Code: code, Text: strings.TrimPrefix(cause.Error(), "weir: ") + "; " + err.Error(), Err: errors.Join(cause, err)}
	if kept {
		err = plan.KeepState(err)
	}
	return err
}

// before tells that the step begins. Here and in after, what is remembered is told by a function of its own: what a function value holds
// that is kept is allocated, and a step whose hooks remember nothing pays for none.
func (a *around) before(ctx context.Context, f plan.Frame, step Step) error {
	if a.begun != nil {
		return a.tell(ctx, f, a.begun, a.beginning(ctx, step))
	}
	warning, err := a.tellPre(ctx, step)
	a.warn(ctx, f, warning)
	a.note(f, warning)
	return err
}

// after tells that the step has succeeded.
func (a *around) after(ctx context.Context, f plan.Frame, end StepEnd) error {
	if a.ended != nil {
		return a.tell(ctx, f, a.ended, a.ending(ctx, end))
	}
	warning, err := a.tellPost(ctx, end)
	a.warn(ctx, f, warning)
	a.note(f, warning)
	return err
}

func (a *around) beginning(ctx context.Context, step Step) func() (string, error) {
	return func() (string, error) { return a.tellPre(ctx, step) }
}

func (a *around) ending(ctx context.Context, end StepEnd) func() (string, error) {
	return func() (string, error) { return a.tellPost(ctx, end) }
}

func (a *around) tellPre(ctx context.Context, step Step) (string, error) {
	return tell(preStep, a.pre, a.strict, func(h PreStep) error { return h.PreStep(ctx, step) })
}

func (a *around) tellPost(ctx context.Context, end StepEnd) (string, error) {
	return tell(postStep, a.post, a.strict, func(h PostStep) error { return h.PostStep(ctx, end) })
}

// tell has hooks told, once for all parts of a run that is resumed, and notes what went wrong.
func (a *around) tell(ctx context.Context, f plan.Frame, once plan.Decision, told func() (string, error)) error {
	if once == nil {
		warning, err := told()
		a.warn(ctx, f, warning)
		a.note(f, warning)
		return err
	}
	v, err := once(ctx, f, 0, func() (any, error) {
		warning, err := told()
		a.warn(ctx, f, warning)
		return warning, err
	})
	warning, _ := v.(string)
	a.note(f, warning)
	return err
}

// warn logs what hooks did wrong.
func (a *around) warn(ctx context.Context, f plan.Frame, warning string) {
	if warning != "" {
		a.log.WarnContext(ctx, "weir: a hook failed", "run", f.RunID(), "step", f.Path(a.site), "error", warning)
	}
}

// note puts what hooks did wrong into the step's result.
func (a *around) note(f plan.Frame, warning string) {
	if warning != "" {
		f.Note(a.site, "warnings", []string{warning})
	}
}
