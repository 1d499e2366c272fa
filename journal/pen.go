package journal

import (
	"context"
	"reflect"

	"github.com/weirflow/weir/plan"
)

// pen writes the records of a Log: one goroutine at a time gives the store what all of them have queued.
type pen struct {
	queue   []Record
	spare   []Record // for the next queue
	batch   *batch   // those who wait for what is queued; nil: nobody but the one who writes
	writing bool
	failed  error // nothing is written after a failure: what follows would leave a gap
	// last is the context in which the store was last given records, lasting the same without its end.
	last, lasting context.Context
}

// outlasting gives ctx without its end. A run writes in one context mostly, so the last is kept. The caller holds the Log's mu.
func (p *pen) outlasting(ctx context.Context) context.Context {
	if reflect.TypeOf(ctx).Kind() != reflect.Pointer { // others may not be comparable
		return context.WithoutCancel(ctx)
	}
	if p.last != ctx {
		p.last, p.lasting = ctx, context.WithoutCancel(ctx)
	}
	return p.lasting
}

// maxSpare is how many records a queue may have room for to be kept.
const maxSpare = 64

// batch is what is written together.
type batch struct {
	done chan struct{}
	err  error
}

// write stores what is queued and returns when it is. The caller holds mu, and no longer holds it afterwards.
func (l *Log) write(ctx context.Context) error {
	w := l.active()
	if w.writing {
		b := w.together()
		l.mu.Unlock()
		<-b.done
		return b.err
	}
	err := l.drain(ctx, w)
	l.mu.Unlock()
	return err
}

// together is the batch of what is queued now. The caller holds mu.
func (p *pen) together() *batch {
	if p.batch == nil {
		p.batch = &batch{done: make(chan struct{})}
	}
	return p.batch
}

// flush stores what is queued, and returns when nobody writes. The caller holds mu, which is free for a while meanwhile.
func (l *Log) flush(ctx context.Context) error {
	w := l.live
	for w.writing {
		b := w.together()
		l.mu.Unlock()
		<-b.done
		l.mu.Lock()
	}
	if len(w.queue) > 0 {
		_ = l.drain(ctx, w)
	}
	return w.failed
}

// drain stores until nothing is queued, and gives the error of what was queued when it began. The caller holds mu, which is free while
// the store works.
func (l *Log) drain(ctx context.Context, w *live) error {
	ctx = w.outlasting(ctx) // what has happened is to be stored, whoever has given up since
	w.writing = true
	own := w.failed
	for first := true; len(w.queue) > 0 || w.batch != nil; first = false {
		err := l.next(ctx, w)
		if first {
			own = err
		}
	}
	w.writing = false
	return own
}

// next stores what is queued now.
func (l *Log) next(ctx context.Context, w *live) error {
	records, b := w.queue, w.batch
	w.queue, w.spare, w.batch = w.spare, nil, nil
	err := w.failed
	if err == nil && len(records) > 0 {
		claim := w.claim
		l.mu.Unlock()
		err = l.appended(ctx, claim, records)
		l.mu.Lock()
		if err != nil {
			err = l.unwritten(err)
			w.failed = err
		}
	}
	if cap(records) <= maxSpare {
		clear(records)
		w.spare = records[:0]
	}
	if b != nil {
		b.err = err
		close(b.done)
	}
	return err
}

// unwritten is the error of records that the store did not take. Whatever the store's code is: no handler may swallow it.
func (l *Log) unwritten(err error) error {
	return plan.Errorf(plan.CodeJournal, "the journal of run %s cannot be written: %w", l.run, err)
}
