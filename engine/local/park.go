package local

import (
	"context"
	"sync/atomic"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// parked is what a run has that may leave its goroutine.
type parked struct {
	// stands is running, woken or away.
	stands atomic.Int32
	// stack is where the run stands, innermost first: for each op that will be called again what it kept, for each block its place.
	stack []place
	// records and tries are the frame's.
	records []plan.Record
	tries   []retry
	// expiry ends the watch over the context of a run that is away and whose duration is limited; else nil.
	expiry func() bool
}

// place is one op or block of a run that has left its goroutine.
type place struct {
	kept any // what an op kept
	// of a block: which step waits, on what input, since when, and the state that it began with.
	index int
	in    any
	begun int64
	mark  state.Mark
}

const (
	running int32 = iota
	woken         // running, and told to go on: it does not leave
	away          // without a goroutine
)

var (
	_ plan.Parker   = (*frame)(nil)
	_ engine.Parked = (*run)(nil)
)

// Park gives what to wake. Only the run's main strand leaves its goroutine: others have theirs to end in.
func (f *frame) Park() plan.Waker {
	if r := f.run; r.parked != nil && f.strand == &r.main {
		return r
	}
	return nil
}

// Keep keeps what an op must know when it is called again.
func (f *frame) Keep(v any) { f.push(place{kept: v}) }

// Kept gives it back.
func (f *frame) Kept() any {
	if p := f.run.parked; p == nil || len(p.stack) == 0 {
		return nil
	}
	return f.pop().kept
}

// push keeps a place. It stands apart so that the frames of those who call it stay small.
//
//go:noinline
func (f *frame) push(at place) {
	p := f.run.parked
	if p.stack == nil {
		p.stack = make([]place, 0, 2) // the op that waits, and the block that it stands in
	}
	p.stack = append(p.stack, at)
}

// pop takes the place that was kept last.
//
//go:noinline
func (f *frame) pop() place {
	p := f.run.parked
	last := len(p.stack) - 1
	at := p.stack[last]
	p.stack[last] = place{}
	p.stack = p.stack[:last]
	return at
}

// back says that the run goes on inside the block that is called now.
func (f *frame) back() bool {
	return f.run.parked != nil && len(f.run.parked.stack) > 0 && f.strand == &f.run.main
}

// park keeps the place of the block that the strand leaves.
//
//go:noinline
func (f *frame) park(in any) {
	f.push(place{index: f.at.index, in: in, begun: f.at.begun, mark: f.at.mark})
}

// reenter goes on in a block: with the step that waited, on its input, and then with those after it.
func (f *frame) reenter(ctx context.Context, b *plan.Block) (any, error) {
	at := f.pop()
	out, err := f.once(ctx, b, at)
	if err != nil || at.index == len(b.Steps)-1 {
		return out, err
	}
	return f.steps(ctx, b, at.index+1, out)
}

// once runs the step that waited, as the loop of steps does, but for its beginning.
func (f *frame) once(ctx context.Context, b *plan.Block, at place) (out any, err error) {
	defer f.guard(&out, &err)
	f.at = cursor{ctx: ctx, block: b, index: at.index, begun: at.begun, mark: at.mark}
	out, err = b.Steps[at.index].Op(ctx, f, at.in)
	if err == nil && textLen(out) <= f.limit {
		err = f.ended()
	} else {
		if err != plan.ErrParked {
			f.run.parked.lost()
		}
		out, err = f.failed(out, err)
	}
	if err != nil && at.index < len(b.Steps)-1 {
		out = nil
	}
	return out, err
}

// lost forgets the places inside a step that failed on its way back to where it waited.
func (p *parked) lost() {
	clear(p.stack)
	p.stack = p.stack[:0]
}

// leave leaves the goroutine, unless the run was woken before it could: then it goes on here. After it has left, nothing here may be
// touched: another goroutine may have gone on with it.
func (r *run) leave(f *frame, out *engine.Outcome) (any, error) {
	for p := r.parked; ; {
		p.records, p.tries = f.records, f.lively()
		f.release()
		if l, ok := r.main.parent.(*limited); ok {
			p.expiry = context.AfterFunc(l.Context, r.Wake)
		}
		r.job.Keeper.Park(r)
		if p.stands.CompareAndSwap(running, away) {
			return nil, plan.ErrParked
		}
		p.stands.Store(running)
		v, err := any(nil), error(nil)
		if f, v, err = r.reentered(out); err != plan.ErrParked {
			return r.finish(f, out, v, err)
		}
	}
}

// Resume drives the run on.
func (r *run) Resume(out *engine.Outcome) (any, error) {
	f, v, err := r.reentered(out)
	if err == plan.ErrParked {
		return r.leave(f, out)
	}
	return r.finish(f, out, v, err)
}

// reentered goes on where the run stands, until it ends or waits again.
func (r *run) reentered(out *engine.Outcome) (*frame, any, error) {
	p := r.parked
	if p.expiry != nil {
		p.expiry()
		p.expiry = nil
	}
	out.Records, out.Begun = p.records, r.begun
	f := r.shared(&r.main)
	f.records, f.tries = p.records, append(f.tries, p.tries...)
	v, err := f.reenter(&r.main, r.prog.Main)
	return f, v, err
}

// Wake has the run go on.
func (r *run) Wake() {
	for p := r.parked; ; {
		switch {
		case p.stands.Load() == woken, p.stands.CompareAndSwap(running, woken):
			return
		case p.stands.CompareAndSwap(away, running):
			r.job.Keeper.Ready(r)
			return
		}
	}
}
