package journal

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// A store is others' code: a panic in it is a failure of the store. It must neither end the process nor leave others waiting.

// claimed claims the run. A claim that could not be given up is tried to be given up first.
func (l *Log) claimed(ctx context.Context) (c Claim, err error) {
	defer l.caught("Claim", &err)
	if w := l.live; w != nil && w.stuck {
		l.released(ctx)
	}
	return l.store.Claim(ctx, l.run)
}

// loaded reads the run.
func (l *Log) loaded(ctx context.Context) (records []Record, err error) {
	defer l.caught("Load", &err)
	return l.store.Load(ctx, l.run)
}

// appended writes records.
func (l *Log) appended(ctx context.Context, c Claim, records []Record) (err error) {
	defer l.caught("Append", &err)
	return l.store.Append(ctx, c, records)
}

// Forget deletes the run.
func (l *Log) Forget(ctx context.Context) (err error) {
	defer l.caught("Delete", &err)
	if err := l.store.Delete(context.WithoutCancel(ctx), l.run); err != nil {
		return wrap(err, "run %s cannot be deleted from the journal", l.run)
	}
	return nil
}

// release gives up the claim, and lets go what the Log holds of the run. The caller holds mu. A store that cannot be told ends the claim by
// itself, or is told with the next claim.
func (l *Log) release(ctx context.Context) {
	w := l.live
	if w == nil {
		return
	}
	if w.held {
		w.held = false
		l.released(ctx)
	}
	l.came() // nobody comes to a request of a run that rests
	if l.live = nil; w.stuck {
		l.live = &live{claim: w.claim, stuck: true, pen: pen{failed: l.unwritten(ErrLost)}}
	}
}

// released tells the store.
func (l *Log) released(ctx context.Context) {
	var err error
	func() {
		defer l.caught("Release", &err)
		err = l.store.Release(context.WithoutCancel(ctx), l.live.claim)
	}()
	l.live.stuck = err != nil
}

// caught turns a panic of the store into an error.
func (l *Log) caught(method string, err *error) {
	if p := recover(); p != nil {
		*err = plan.Errorf(plan.CodeJournal, "the store's %s panicked for run %s: %v", method, l.run, p)
	}
}
