package local

import (
	"context"
	"time"

	"github.com/weirflow/weir/plan"
)

// plainly is the plain twin of steps, in the idiom of a middleware round each call: for every step it asks the context, takes
// the time before and after, calls the step in a function that recovers, and writes down what became of it.
func (f *frame) plainly(ctx context.Context, b *plan.Block, from int, in any) (any, error) {
	for i := from; i < len(b.Steps); i++ {
		if ctx.Err() != nil {
			return nil, stopped(ctx, nil)
		}
		start := time.Now()
		f.at = cursor{ctx: ctx, block: b, index: i, begun: int64(start.Sub(epoch)), mark: f.strand.scope.Mark()}
		if f.watched {
			f.started()
		}
		out, err := f.call(ctx, b.Steps[i].Op, in)
		if err == nil && textLen(out) <= f.limit {
			err = f.completed(b.Steps[i].Site, start, time.Since(start))
		} else {
			out, err = f.failed(out, err)
		}
		if err != nil && i < len(b.Steps)-1 {
			out = nil
		}
		if err != nil {
			return out, err
		}
		in = out
	}
	return in, nil
}

// call calls one op; a panic becomes its error.
func (f *frame) call(ctx context.Context, op plan.Op, in any) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, caught(p)
		}
	}()
	return op(ctx, f, in)
}

// execution is what is written down about one call of a step.
type execution struct {
	site   *plan.Site
	start  time.Time
	took   time.Duration
	status plan.Status
}

// completed writes down an execution that returned a value.
func (f *frame) completed(site *plan.Site, start time.Time, took time.Duration) error {
	if site == nil {
		return nil
	}
	took += start.Sub(epoch) - time.Duration(f.at.begun) // what an earlier part of the run took, see Restore
	f.add(execution{site: site, start: start, took: took, status: plan.Completed})
	f.last = int64(time.Since(epoch))
	if f.watched || f.strand.unsettled() {
		return f.closed()
	}
	return nil
}

// add adds an execution to the record of its step.
func (f *frame) add(e execution) {
	r := &f.records[e.site.Index-f.offset]
	if r.Count == 0 {
		r.Start = int64(e.start.Sub(epoch))
	}
	r.Busy += int64(e.took)
	r.Count++
	r.Status = e.status
}
