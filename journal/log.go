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
//
// While the run rests, after Suspend or Close, a Log holds its requests and little else: some hundred bytes. What was recorded is read again
// by Reopen.
type Log struct {
	store Store
	run   string

	mu       sync.Mutex
	requests requests
	// live is what the Log holds while it has the run; nil: the run rests.
	live *live
	// part counts the parts that this Log has seen begin; driven says that the last goes on.
	part   int32
	driven bool
	// stands is how the run stands.
	stands plan.Status
	// replaying says that the run has ended and is only read: what has no record is an error.
	replaying bool
	// resumed says that this is not the first part.
	resumed bool
}

// Open claims a run and loads what is recorded of it. The error is ErrHeld when another runs it.
func Open(ctx context.Context, store Store, run string) (*Log, error) {
	l := &Log{store: store, run: run}
	return l, l.Reopen(ctx)
}

// Reopen claims the run again after Suspend and loads it anew: others may have gone on with it meanwhile.
func (l *Log) Reopen(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.replaying = false
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
	l.active().ctx = ctx
	l.part, l.driven = l.part+1, true
}

// Over says that the run was cancelled and what begins under ctx goes on nevertheless: it cleans up. A run that is resumed goes on
// with what was cancelled, and has to clean up anew, so there is neither a record to be made nor one to be answered from.
func (l *Log) Over(ctx context.Context) bool {
	w := l.live
	return w != nil && w.ctx != nil && w.ctx.Err() != nil && ctx.Err() == nil
}

// Leave ends what Enter began.
func (l *Log) Leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.driven = false
	if l.live != nil {
		l.live.ctx = nil
	}
	l.came()
}

// Come is closed when the run next comes to a request, or when the part ends.
func (l *Log) Come() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.active()
	if w.come == nil {
		w.come = make(chan struct{})
	}
	return w.come
}

// came tells those who wait that the run has come to a request. The caller holds mu.
func (l *Log) came() {
	if w := l.live; w != nil && w.come != nil {
		close(w.come)
		w.come = nil
	}
}

// Run is the run's id.
func (l *Log) Run() string { return l.run }

// First is the record that the run began with, as it was loaded: nil for a new run, and while the run rests. Its Value is the run's input.
func (l *Log) First() *Record {
	if w := l.live; w != nil {
		return w.first
	}
	return nil
}

// Begun is what the run's state held when its first part began, for a further part: nil in the first.
func (l *Log) Begun() []state.Write {
	if first := l.First(); l.resumed && first != nil {
		return first.State
	}
	return nil
}

// Resumed says that this is not the first part of the run.
func (l *Log) Resumed() bool { return l.resumed }

// End is the record that ended the last part, or the run, as it was loaded; nil for a run that is new, was cut off, or rests.
func (l *Log) End() *Record {
	if w := l.live; w != nil {
		return w.end
	}
	return nil
}

// Status is how the run stands by its records; plan.NotRun for a new one.
func (l *Log) Status() plan.Status { return l.stands }

// Spent is how long the run's earlier parts took together, by what was loaded. Of one that was cut off only the time until its last record
// is known.
func (l *Log) Spent() time.Duration {
	if w := l.live; w != nil {
		return w.spent.total()
	}
	return 0
}

// Past is what an earlier part recorded under a key, nil for nothing. It must not be modified, and its values are handed over: they are
// asked for once a part.
func (l *Log) Past(key string) *Record {
	if w := l.live; w != nil {
		return w.past[key]
	}
	return nil
}

// Replays says that there is a past to answer from.
func (l *Log) Replays() bool {
	w := l.live
	return w != nil && len(w.past) > 0
}

// ReadOnly makes the Log of a run that has ended, or rests, refuse to run anything anew, until Reopen.
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
	l.add(&r)
	return l.write(ctx)
}

// Later writes a record together with the next one that is appended: for what can be found out again.
func (l *Log) Later(r Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.replaying {
		l.add(&r)
	}
}

// add numbers a record and queues it. The caller holds mu.
func (l *Log) add(r *Record) {
	w := l.active()
	w.seq++
	w.queue = append(w.queue, *r)
	added := &w.queue[len(w.queue)-1]
	added.Version, added.Seq = Version, w.seq
	if added.At.IsZero() {
		added.At = time.Now()
	}
}

// Begin writes the first record of a part: RunStarted for a new run, RunResumed for another.
func (l *Log) Begin(ctx context.Context, r Record) error {
	if err := l.Append(ctx, r); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resumed = l.resumed || r.Type != RunStarted
	l.stands = plan.Running
	return nil
}

// Suspend writes the record that ends a part and gives up the claim, also when writing failed.
func (l *Log) Suspend(ctx context.Context, end Record) error {
	err := l.Append(ctx, end)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && !l.replaying {
		l.stands = StatusOf(end.Type)
	}
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
