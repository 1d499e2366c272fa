package bench

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// queue is a crowd of runs that all need a permit, of which there is one for each core: so all but a few of them wait at any time, the first in line
// goes on when another has its work done, and a run that ends starts the next.
type queue struct {
	lap
	begin func(i int) error
	fail  context.CancelCauseFunc
	runs  []moments
	over  atomic.Bool
	// live is how many there are, ended how many have been.
	live, ended atomic.Int64
}

// gate is what makes runs wait: begin starts the i-th, shut takes a permit, and open gives one back.
type gate struct {
	begin func(i int) error
	shut  func() error
	open  func()
}

// moments are those of a run, in nanoseconds: when it began, came to where it waits, and went on.
type moments struct{ began, came, went int64 }

func (q *queue) start(i int) error {
	q.runs[i].began = wallTime()
	return q.begin(i)
}

// comes says that the i-th run is about to wait, goes that it goes on.
func (q *queue) comes(i int) { q.runs[i].came = wallTime() }
func (q *queue) goes(i int)  { q.runs[i].went = wallTime() }

// ends says that the i-th run is at its end, and starts the next in its place. An i that no run has is the answer of one that is wrong.
func (q *queue) ends(i int) error {
	if i < 0 || i >= len(q.runs) {
		err := wrong(i, len(q.runs)-1, nil)
		q.fail(err)
		return err
	}
	m := &q.runs[i]
	if m.began == 0 || m.came < m.began || m.went < m.came { // another run's answer, or its own twice
		q.fail(errMixed)
		return errMixed
	}
	q.ended.Add(1)
	q.add(m.came - m.began + wallTime() - m.went)
	*m = moments{}
	if q.over.Load() {
		q.live.Add(-1)
		return nil
	}
	err := q.start(i)
	if err != nil {
		q.fail(err)
	}
	return err
}

// patience is how long is waited for runs that do not get on: far longer than they could take.
const patience = 30 * time.Second

// errMixed says that a run gave an answer of another one.
var errMixed = errors.New("a run has the answer of another")

// errStill says that runs did not get on, by a defect of what is measured or of this file.
var errStill = errors.New("the runs stand still")

// queued has width runs in flight for a time and says how they fared. What happens before each has been through once is not counted: they
// were all started at one time.
func queued(ctx context.Context, width int, d time.Duration, build func(context.Context, *queue) (gate, error)) (riding, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	q := &queue{lap: lap{times: make([]int64, samples)}, fail: cancel, runs: make([]moments, width)}
	g, err := build(ctx, q)
	if err != nil {
		return riding{}, err
	}
	q.begin = g.begin
	defer q.over.Store(true)
	if err := q.fill(width, g); err != nil {
		return riding{}, err
	}
	if err := until(ctx, func() bool { return q.ended.Load() >= 2*int64(width) }); err != nil {
		return riding{}, err
	}
	got := q.take(ctx, d)
	q.over.Store(true)
	if err := until(ctx, func() bool { return q.live.Load() == 0 }); err != nil {
		return riding{}, err
	}
	if got.rate == 0 {
		return riding{}, errStill
	}
	got.p99 = Summarise(q.sample()).P99
	return got, nil
}

// fill starts the runs, and lets them go on when all are there.
func (q *queue) fill(width int, g gate) error {
	for range busy() {
		if err := g.shut(); err != nil {
			return err
		}
		defer g.open()
	}
	q.live.Store(int64(width))
	for i := range width {
		if err := q.start(i); err != nil {
			return err
		}
	}
	return nil
}

// until waits for something that will be soon.
func until(ctx context.Context, is func() bool) error {
	for begin := time.Now(); !is(); time.Sleep(time.Millisecond) {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case time.Since(begin) > patience:
			return errStill
		}
	}
	return nil
}
