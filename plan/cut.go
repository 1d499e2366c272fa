package plan

import "context"

// errWhole says that nothing was stopped. It is Final, so a Decision does not keep it.
var errWhole = &Error{Code: CodeCanceled, Text: "not stopped"}

// Cut runs something that the run itself may stop: at a timeout, or because a sibling has failed. A step that was stopped has no
// record, so a run that is resumed would run it anew, and perhaps to another end, although what followed from the stop has happened.
//
// live does it in a context made of ctx, and says with a value that a journal can hold what was stopped; nil: nothing. What waits for
// people there is given up then. Where it is known from an earlier part of the run, again does it instead: what was stopped then runs there
// in a context of Bygone. The error is that of a journal.
//
// d is nil in a plan without a journal: then live is called, and costs nothing more.
func (d Decision) Cut(ctx context.Context, f Frame, live func(ctx context.Context) (stopped any), again func(stopped any)) error {
	if d == nil {
		live(ctx)
		return nil
	}
	known := true
	stopped, err := d(ctx, f, -1, func() (any, error) {
		known = false
		noted, waits := WithWaits(ctx)
		if what := live(noted); what != nil && ctx.Err() == nil {
			waits.End()
			return what, nil
		}
		return nil, errWhole
	})
	switch {
	case !known:
		return nil
	case err == nil:
		again(stopped)
	}
	return err
}

// bygoneKey is the key under which a context of Bygone holds its end.
type bygoneKey struct{}

// Bygone gives a context for what was stopped in an earlier part of the run. What is recorded goes on as it did; the first
// execution without a record ends the context with cause, as it ended then, and is not run. The caller must call stop in the end.
func Bygone(ctx context.Context, cause error) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop = func() { cancel(cause) }
	return context.WithValue(ctx, bygoneKey{}, stop), stop
}

// Unrecorded is what becomes of an execution without a record: nil, so that it runs, or in a context of Bygone the error with
// which that ends now. It is for the layer that records and for steps that wait.
func Unrecorded(ctx context.Context) error {
	stop, ok := ctx.Value(bygoneKey{}).(func())
	if !ok {
		return nil
	}
	stop()
	return ctx.Err()
}

// Stopped is what a Block of Bygone gives where it was stopped: the error that it had then, which would end the siblings that go on.
type Stopped struct{ Err error }

// Bygone is a block that runs b in a context of Bygone. Where that is stopped it gives a *Stopped and no error.
func (b *Block) Bygone() *Block {
	op := func(ctx context.Context, f Frame, in any) (any, error) {
		past, stop := Bygone(ctx, context.Canceled)
		defer stop()
		out, err := f.Do(past, b, -1, in)
		if CodeOf(err) == CodeCanceled && ctx.Err() == nil {
			return &Stopped{Err: err}, nil
		}
		return out, err
	}
	return &Block{Steps: []Inst{{Op: op}}, Lo: b.Lo, Hi: b.Hi, Depth: b.Depth}
}
