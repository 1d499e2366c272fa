package journal

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Log is one run's journal while the run goes on: what its earlier parts recorded, and the pen for what comes. It is made by Open, which
// claims the run. It is safe for use by several goroutines of the run.
type Log struct {
	store Store
	run   string

	// past is what earlier parts recorded, by key. It does not change while a part goes on.
	past map[string]*Record
	// replaying says that the run has ended and is only read: what has no record is an error.
	replaying bool
	// resumed says that this is not the first part.
	resumed bool
	// ctx is the context of the part that goes on.
	ctx context.Context

	mu       sync.Mutex
	claim    Claim
	held     bool
	stuck    bool // the claim could not be given up
	seq      int64
	first    *Record // RunStarted
	end      *Record // the last record that ended a part or the run; nil: the run was cut off, or is new
	requests map[string]*request
	before   map[string]*request // while loading: what was known before
	// part counts the parts that this Log has seen begin; driven says that the last goes on.
	part   int
	driven bool
	come   chan struct{} // nil: nobody waits
	spent  span
	pen
}

// Open claims a run and loads what is recorded of it. The error is ErrHeld when another runs it.
func Open(ctx context.Context, store Store, run string) (*Log, error) {
	l := &Log{store: store, run: run, requests: map[string]*request{}}
	return l, l.Reopen(ctx)
}

// Reopen claims the run again after Suspend and loads it anew: others may have gone on with it meanwhile.
func (l *Log) Reopen(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.load(ctx)
}

// Rewind prepares for a further part of the run, which is to find what those before recorded.
func (l *Log) Rewind(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resumed = true
	return l.load(ctx)
}

// Enter says that the engine begins to drive the run in a context, Leave that it has ended. A request that a part did not come to again is one that
// the run no longer waits for, but that is known only at the end of the part.
func (l *Log) Enter(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ctx = ctx
	l.part, l.driven = l.part+1, true
}

// Over says that the run was cancelled and what begins under ctx goes on nevertheless: it cleans up. A run that is resumed goes on
// with what was cancelled, and has to clean up anew, so there is neither a record to be made nor one to be answered from.
func (l *Log) Over(ctx context.Context) bool {
	return l.ctx != nil && l.ctx.Err() != nil && ctx.Err() == nil
}

// Leave ends what Enter began.
func (l *Log) Leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.driven, l.ctx = false, nil
	l.came()
}

// Come is closed when the run next comes to a request, or when the part ends.
func (l *Log) Come() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.come == nil {
		l.come = make(chan struct{})
	}
	return l.come
}

// came tells those who wait that the run has come to a request. The caller holds mu.
func (l *Log) came() {
	if l.come != nil {
		close(l.come)
		l.come = nil
	}
}

// load reads what is recorded, and claims the run where that has not been done. The caller holds mu.
func (l *Log) load(ctx context.Context) error {
	if l.held {
		if err := l.flush(ctx); err != nil {
			return err
		}
	} else {
		l.pen = pen{}
		c, err := l.claimed(ctx)
		if err != nil {
			return wrap(err, "run %s cannot be claimed", l.run)
		}
		l.claim, l.held = c, true
	}
	records, err := l.loaded(ctx)
	if err == nil {
		err = l.index(records)
	}
	if err != nil {
		l.release(ctx)
		return wrap(err, "the journal of run %s cannot be read", l.run)
	}
	return nil
}

// index sorts what was loaded. The caller holds mu.
func (l *Log) index(records []Record) error {
	l.past, l.seq, l.first, l.end, l.spent = make(map[string]*Record, len(records)), int64(len(records)), nil, nil, span{}
	l.before, l.requests = l.requests, map[string]*request{}
	defer func() { l.before = nil }()
	for i := range records {
		r := &records[i]
		switch {
		case r.Seq != int64(i+1):
			return plan.Errorf(plan.CodeJournal, "record %d stands where number %d should: some are missing", r.Seq, i+1)
		case r.Version > Version:
			return plan.Errorf(plan.CodeJournal, "record %d has format version %d, and this weir reads up to %d; use a newer one", r.Seq, r.Version, Version)
		}
		l.take(r)
	}
	if len(records) > 0 && l.first == nil {
		return plan.Errorf(plan.CodeJournal, "the first record is %s, not %s", records[0].Type, RunStarted)
	}
	return nil
}

// take sorts one record in.
func (l *Log) take(r *Record) {
	l.spent.take(r)
	switch r.Type {
	case RunStarted:
		l.first = r
	case RunResumed:
		l.end = nil
	case RunPaused, RunCompleted, RunFailed, RunCanceled:
		l.end = r
	case StepCompleted, StepFailed, Decided:
		l.past[r.Key] = r
	case Requested, Answered, Expired:
		l.asked(r)
	}
}

// Run is the run's id.
func (l *Log) Run() string { return l.run }

// First is the record that the run began with, nil for a new run. Its Value is the run's input.
func (l *Log) First() *Record { return l.first }

// Begun is what the run's state held when its first part began, for a further part: nil in the first.
func (l *Log) Begun() []state.Write {
	if !l.resumed || l.first == nil {
		return nil
	}
	return l.first.State
}

// Resumed says that this is not the first part of the run.
func (l *Log) Resumed() bool { return l.resumed }

// End is the record that ended the last part, or the run; nil for a run that is new, goes on or was cut off.
func (l *Log) End() *Record { return l.end }

// Status is how the run stands by its records; plan.NotRun for a new one.
func (l *Log) Status() plan.Status {
	switch {
	case l.first == nil:
		return plan.NotRun
	case l.end == nil:
		return plan.Running
	}
	return StatusOf(l.end.Type)
}

// Spent is how long the run's earlier parts took together. Of one that was cut off only the time until its last record is known.
func (l *Log) Spent() time.Duration { return l.spent.total() }

// Past is what an earlier part recorded under a key, nil for nothing. It must not be modified, and its values are handed over: they are
// asked for once a part.
func (l *Log) Past(key string) *Record { return l.past[key] }

// Replays says that there is a past to answer from.
func (l *Log) Replays() bool { return len(l.past) > 0 }

// ReadOnly makes the Log of a run that has ended refuse to run anything anew.
func (l *Log) ReadOnly() { l.replaying, l.resumed = true, true }

// Missing is the error of an execution without a record in a run that is only read; nil where it may run.
func (l *Log) Missing(key string) error {
	if !l.replaying {
		return nil
	}
	return plan.Errorf(plan.CodeResume, "run %s has ended and has no record of %s: the pipeline runs otherwise than it did then", l.run, key)
}

// Append writes records and returns when they are stored. Those of several goroutines are stored together.
func (l *Log) Append(ctx context.Context, r Record) error {
	l.mu.Lock()
	if l.replaying {
		l.mu.Unlock()
		return nil
	}
	l.add(r)
	return l.write(ctx)
}

// Later writes a record together with the next one that is appended: for what can be found out again.
func (l *Log) Later(r Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.replaying {
		l.add(r)
	}
}

// add numbers a record and queues it. The caller holds mu.
func (l *Log) add(r Record) {
	l.seq++
	r.Version, r.Seq = Version, l.seq
	if r.At.IsZero() {
		r.At = time.Now()
	}
	l.queue = append(l.queue, r)
}

// Begin writes the first record of a part: RunStarted for a new run, RunResumed for another.
func (l *Log) Begin(ctx context.Context, r Record) error {
	if err := l.Append(ctx, r); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.Type == RunStarted {
		l.first = &r
	} else {
		l.resumed = true
	}
	l.end = nil
	return nil
}

// Suspend writes the record that ends a part and gives up the claim, also when writing failed.
func (l *Log) Suspend(ctx context.Context, end Record) error {
	err := l.Append(ctx, end)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && !l.replaying {
		l.end = &end
	}
	l.past = nil
	l.release(ctx)
	return err
}

// Close gives up the claim and writes nothing. It may be called more than once.
func (l *Log) Close(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.release(ctx)
}

// wrap says what failed; a code that a caller asks for is kept.
func wrap(err error, format string, args ...any) error {
	code := plan.CodeOf(err)
	if code == plan.CodeFailed {
		code = plan.CodeJournal
	}
	return plan.Errorf(code, format+": %w", slices.Concat(args, []any{err})...)
}
