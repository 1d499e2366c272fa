package journal

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// live is what a Log holds of a run that it has claimed.
type live struct {
	// past is what earlier parts recorded, by key. It does not change while a part goes on.
	past map[string]*Record
	// first and end are the record that the run began with and the last one that ended a part or the run, as they were loaded; nil: there is none.
	first, end *Record
	// ctx is the context of the part that goes on.
	ctx   context.Context
	claim Claim
	held  bool
	stuck bool // the claim could not be given up
	seq   int64
	come  chan struct{} // nil: nobody waits
	spent span
	pen
}

// active is what the Log holds of the run. Of one that rests that is nothing, and a pen that writes nothing. The caller holds mu.
func (l *Log) active() *live {
	if l.live == nil {
		l.live = &live{pen: pen{failed: l.unwritten(ErrLost)}}
	}
	return l.live
}

// load reads what is recorded, and claims the run where that has not been done. The caller holds mu.
func (l *Log) load(ctx context.Context) error {
	if l.live != nil && l.live.held {
		if err := l.flush(ctx); err != nil {
			return err
		}
	} else {
		c, err := l.claimed(ctx)
		if err != nil {
			return wrap(err, "run %s cannot be claimed", l.run)
		}
		w := &live{claim: c, held: true}
		if l.live != nil {
			w.come = l.live.come
		}
		l.live = w
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

// index sorts what was loaded. What was known of the run stays where the records are not whole. The caller holds mu.
func (l *Log) index(records []Record) (err error) {
	w, before, stood := l.live, l.requests, l.stands
	defer func() {
		if err != nil {
			l.requests, l.stands = before, stood
		}
	}()
	w.past, w.seq, w.first, w.end, w.spent = nil, int64(len(records)), nil, nil, span{}
	l.requests, l.stands = nil, plan.NotRun
	if len(records) > 0 {
		w.past = make(map[string]*Record, len(records))
	}
	for i := range records {
		r := &records[i]
		switch {
		case r.Seq != int64(i+1):
			return plan.Errorf(plan.CodeJournal, "record %d stands where number %d should: some are missing", r.Seq, i+1)
		case r.Version > Version:
			return plan.Errorf(plan.CodeJournal, "record %d has format version %d, and this weir reads up to %d; use a newer one", r.Seq, r.Version, Version)
		}
		l.take(r, before)
	}
	switch {
	case len(records) == 0:
	case w.first == nil:
		return plan.Errorf(plan.CodeJournal, "the first record is %s, not %s", records[0].Type, RunStarted)
	case w.end == nil:
		l.stands = plan.Running
	default:
		l.stands = StatusOf(w.end.Type)
	}
	return nil
}

// take sorts one record in.
func (l *Log) take(r *Record, before requests) {
	w := l.live
	w.spent.take(r)
	switch r.Type {
	case RunStarted:
		w.first = r
	case RunResumed:
		w.end = nil
	case RunPaused, RunCompleted, RunFailed, RunCanceled:
		w.end = r
	case StepCompleted, StepFailed, Decided:
		w.past[r.Key] = r
	case Requested, Answered, Expired:
		l.asked(r, before)
	}
}
