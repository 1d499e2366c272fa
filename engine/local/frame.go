package local

import (
	"context"
	"math"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/telemetry"
)

// frame is one strand's place to work: records, clock, round numbers. It is pooled and never reachable from a context.
type frame struct {
	run    *run
	strand *strand
	// records are those of the sites from offset on: the run's slab, or a worker's own.
	records []plan.Record
	offset  int
	// last is when the last step of this strand ended: one read of the clock serves as its end and the next one's start.
	last int64
	// rounds are the numbers of the rounds that this strand is in, outermost first.
	rounds []int32
	// at is where the strand stands now.
	at cursor
	// limit is how many bytes of text a step may return.
	limit int
	// watched says that somebody takes events.
	watched bool
	// plain says that blocks are run by plainly.
	plain bool
	// replayed says that the step which runs was answered from what an earlier part of the run recorded.
	replayed bool
	// event is where events are made for a recorder that only borrows them; nil: none was yet.
	event *telemetry.Event
	// summary is where the run is summed up; nil: none was yet.
	summary *telemetry.Summary
	// tries are the retries of the steps that go on in this strand, outermost first; stale ones are taken out with the next.
	tries []retry
	// slab is this frame's own memory for records; records may be another frame's.
	slab []plan.Record
}

// cursor is the step that runs: what its failure needs to know.
type cursor struct {
	ctx   context.Context
	block *plan.Block
	index int
	begun int64
	mark  state.Mark
}

// step is the step at the cursor.
func (c *cursor) step() *plan.Inst { return &c.block.Steps[c.index] }

var _ plan.Sleeper = (*frame)(nil)

// frame gives a frame with records of its own for the sites lo to hi, for what begins now.
func (r *run) frame(s *strand, lo, hi int, now int64) *frame {
	f := r.shared(s, now)
	if n := hi - lo; cap(f.slab) < n {
		f.slab = make([]plan.Record, n)
	} else {
		f.slab = f.slab[:n]
		clear(f.slab)
	}
	f.records, f.offset = f.slab, lo
	return f
}

// shared gives a frame without records, for what begins now.
func (r *run) shared(s *strand, now int64) *frame {
	f := r.taken()
	f.last = now
	f.run, f.strand, f.watched, f.plain = r, s, r.watched(), r.prog.Twins.Spine
	f.limit = math.MaxInt
	if m := r.prog.MaxOutput; m > 0 {
		f.limit = int(m)
	}
	return f
}

// Slept says that the strand waited between two steps.
func (f *frame) Slept() { f.last = clock() }

// Do runs a child block in this strand.
func (f *frame) Do(ctx context.Context, child *plan.Block, index int, in any) (any, error) {
	at := f.at
	if index >= 0 {
		f.rounds = append(f.rounds, int32(index))
	}
	var out any
	var err error
	if f.back() {
		out, err = f.reenter(ctx, child)
	} else {
		out, err = f.steps(ctx, child, 0, in)
	}
	if index >= 0 {
		f.rounds = f.rounds[:len(f.rounds)-1]
	}
	f.at = at
	return out, err
}

// steps runs a block from the step with the number from on: the inner loop of weir. What a failure needs to know stands in f.at and not in variables, because a
// run that waits holds this function's stack frame: it decides whether the run's stack fits in 2 KiB.
func (f *frame) steps(ctx context.Context, b *plan.Block, from int, in any) (out any, err error) {
	if f.plain {
		return f.plainly(ctx, b, from, in)
	}
	defer f.guard(&out, &err)
	f.at.ctx, f.at.block = ctx, b
	live := ctx
	if s, ok := ctx.(*strand); ok {
		live = s.parent
	}
	for i := from; i < len(b.Steps); i++ {
		if live.Err() != nil {
			return nil, stopped(ctx, nil)
		}
		f.at.index, f.at.begun = i, f.last
		if m := f.strand.scope.Mark(); m != f.at.mark {
			f.at.mark = m // seldom: the state moves only when a step writes to it
		}
		if f.watched {
			f.started()
		}
		in, err = b.Steps[i].Op(ctx, f, in)
		if err == nil && textLen(in) <= f.limit {
			err = f.ended()
		} else {
			in, err = f.failed(in, err)
		}
		if err != nil {
			if i < len(b.Steps)-1 {
				in = nil // only what the last step returned can be the block's
			}
			return in, err
		}
	}
	return in, nil
}

// guard turns a panic in a step into that step's failure.
func (f *frame) guard(out *any, err *error) {
	if p := recover(); p != nil {
		*out, *err = f.failed(nil, caught(p))
	}
}

// textLen is how many bytes of text a value is; 0 for values that are no text.
func textLen(v any) int {
	switch t := v.(type) {
	case string:
		return len(t)
	case []byte:
		return len(t)
	}
	return 0
}

// ended writes the record of a step that returned a value.
func (f *frame) ended() error {
	site := f.at.step().Site
	if site == nil {
		return nil
	}
	now, begun := clock(), f.at.begun
	r := &f.records[site.Index-f.offset]
	if r.Count == 0 {
		r.Start = begun
	}
	r.Busy += now - begun
	r.Count++
	r.Status = plan.Completed
	f.last = now
	if f.watched || f.strand.unsettled() {
		return f.closed()
	}
	return nil
}

// Try runs op as one attempt.
func (f *frame) Try(ctx context.Context, op plan.Op, in any) (out any, err error) {
	mark := f.strand.scope.Mark()
	if f.back() {
		mark = f.Kept().(state.Mark)
	}
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, caught(p)
		}
		if err == plan.ErrParked {
			f.Keep(mark)
			return
		}
		if err != nil {
			f.strand.scope.Rollback(mark)
			err = f.broke(err)
		}
	}()
	return op(ctx, f, in)
}
