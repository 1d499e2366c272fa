package journal

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// pen writes the records of a Log: one goroutine at a time gives the store what all of them have queued.
type pen struct {
	queue   []Record
	batch   *batch // those who wait for what is queued; nil: nobody
	writing bool
	failed  error // nothing is written after a failure: what follows would leave a gap
}

// batch is what is written together.
type batch struct {
	done chan struct{}
	err  error
}

// write stores what is queued and returns when it is. The caller holds mu, and no longer holds it afterwards.
func (l *Log) write(ctx context.Context) error {
	b := l.together()
	if l.writing {
		l.mu.Unlock()
		<-b.done
		return b.err
	}
	l.drain(ctx)
	l.mu.Unlock()
	return b.err
}

// together is the batch of what is queued now. The caller holds mu.
func (l *Log) together() *batch {
	if l.batch == nil {
		l.batch = &batch{done: make(chan struct{})}
	}
	return l.batch
}

// flush stores what is queued, and returns when nobody writes. The caller holds mu, which is free for a while meanwhile.
func (l *Log) flush(ctx context.Context) error {
	for l.writing {
		b := l.together()
		l.mu.Unlock()
		<-b.done
		l.mu.Lock()
	}
	if len(l.queue) > 0 {
		l.drain(ctx)
	}
	return l.failed
}

// drain stores until nothing is queued. The caller holds mu, which is free while the store works.
func (l *Log) drain(ctx context.Context) {
	ctx = context.WithoutCancel(ctx) // what has happened is to be stored, whoever has given up since
	l.writing = true
	for len(l.queue) > 0 || l.batch != nil {
		records, b, claim := l.queue, l.batch, l.claim
		l.queue, l.batch = nil, nil
		err := l.failed
		if err == nil && len(records) > 0 {
			l.mu.Unlock()
			err = l.appended(ctx, claim, records)
			l.mu.Lock()
		}
		if err != nil && l.failed == nil {
			// Whatever the store's code is: no handler may swallow it.
			err = plan.Errorf(plan.CodeJournal, "the journal of run %s cannot be written: %w", l.run, err)
			l.failed = err
		}
		if b != nil {
			b.err = err
			close(b.done)
		}
	}
	l.writing = false
}
