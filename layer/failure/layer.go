package failure

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/weirflow/weir/plan"
)

// call is a handler with the frame that a registered function may need.
type call func(ctx context.Context, f plan.Frame, failed Failure) error

// layer is the layer. Read only once it is made.
type layer struct {
	calls    []call
	mistakes int
}

// Name is "failure".
func (*layer) Name() string { return "failure" }

// Wrap puts the handlers round next.
func (l *layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if l.mistakes > 0 {
		b.Failf("a failure handler is nil; leave it out")
		return next
	}
	if len(l.calls) == 0 {
		return next
	}
	n, twice := l.place(b.Step().Layers)
	if twice {
		b.Failf("the same failure handlers stand twice round the step; leave one out")
	}
	h := &handled{calls: l.calls, next: next, site: b.Site(), once: b.Decision("failure." + strconv.Itoa(n))}
	return h.run
}

// place gives the number of the layer among those of its sort, counted from the inside; twice says that it stands there more
// than once.
func (l *layer) place(layers []plan.Layer) (n int, twice bool) {
	found := false
	for _, o := range slices.Backward(layers) {
		other, ok := o.(*layer)
		switch {
		case other == l && found:
			return n, true
		case other == l:
			found = true
		case ok && !found:
			n++
		}
	}
	return n, false
}

// handled is a step with its failure handlers: immutable, shared by all runs.
type handled struct {
	calls []call
	next  plan.Op
	site  *plan.Site
	// once remembers that the handlers of a step with children were called; nil where nothing is remembered.
	once plan.Decision
}

// run is the op.
func (h *handled) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	out, err := h.step(ctx, f, in)
	if err == nil || plan.Final(err) || ctx.Err() != nil {
		return out, err
	}
	return out, h.failed(ctx, f, in, err)
}

// step runs the step. Its panic is a failure to be handled.
func (h *handled) step(ctx context.Context, f plan.Frame, in any) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, &plan.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return h.next(ctx, f, in)
}

// failed calls the handlers and gives the step's error.
func (h *handled) failed(ctx context.Context, f plan.Frame, in any, err error) error {
	cause, kept := plan.StateKept(err)
	told := Failure{
		Run: f.RunID(), Path: f.Path(h.site), Name: h.site.Name, Kind: h.site.Kind, Input: in,
		Attempts: f.Facts(h.site).Attempts, Code: plan.CodeOf(cause), Message: cause.Error(), Err: cause,
	}
	var wrong error
	if h.once == nil {
		wrong = h.call(ctx, f, told)
	} else {
		_, wrong = h.once(ctx, f, 0, func() (any, error) { return nil, h.call(ctx, f, told) })
	}
	if wrong == nil {
		return err
	}
	joined := error(&Error{Err: cause, Handler: wrong})
	if kept {
		joined = plan.KeepState(joined)
	}
	return joined
}

// call calls all handlers, up to one whose error ends the run, and gives their errors as one.
func (h *handled) call(ctx context.Context, f plan.Frame, told Failure) error {
	var wrong []error
	for _, c := range h.calls {
		err := one(ctx, f, told, c)
		if err == nil {
			continue
		}
		wrong = append(wrong, err)
		if plan.Final(err) {
			break
		}
	}
	if len(wrong) < 2 {
		return errors.Join(wrong...)
	}
	texts := make([]string, len(wrong))
	for i, err := range wrong {
		texts[i] = err.Error()
	}
	return &plan.Error{Code: plan.CodeOf(wrong[len(wrong)-1]), Text: strings.Join(texts, "; "), Err: errors.Join(wrong...)}
}

// one calls one handler; its panic is its error.
func one(ctx context.Context, f plan.Frame, told Failure, c call) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &plan.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return c(ctx, f, told)
}
