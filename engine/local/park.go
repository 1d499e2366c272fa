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
	// top is where the run stands, the outermost op or block; below it are those inside.
	top *place
	// records are the frame's.
	records []plan.Record
	// expiry ends the watch over the context of a run that is away and whose duration is limited; else nil.
	expiry func() bool
}

// place is a block of a run that has left its goroutine, or an op in it, or a block and the op of its step that waits.
type place struct {
	below *place
	// kept is what the op kept.
	kept any
	// of a block: which step waits, on what input, since when, and the state that it began with. A negative index: this is an op alone.
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
func (f *frame) Keep(v any) { f.push(&place{index: -1, kept: v}) }

// Kept gives it back.
func (f *frame) Kept() any {
	p := f.run.parked
	if p == nil || p.top == nil {
		return nil
	}
	kept := p.top.kept
	p.top = p.top.below
	return kept
}

// push puts a place on top. It stands apart so that the frames of those who call it stay small.
//
//go:noinline
func (f *frame) push(at *place) {
	p := f.run.parked
	at.below = p.top
	p.top = at
}

// back says that the run goes on inside the block that is called now.
func (f *frame) back() bool {
	return f.run.parked != nil && f.run.parked.top != nil && f.strand == &f.run.main
}

// park keeps the place of the block that the strand leaves, with that of the op that waits in it.
//
//go:noinline
func (f *frame) park(in any) {
	p := f.run.parked
	if p.top == nil || p.top.index >= 0 { // a block, which stands in an op that keeps nothing: a sequence
		f.push(&place{})
	}
	at := p.top
	at.index, at.in, at.begun, at.mark = f.at.index, in, f.at.begun, f.at.mark
}

// reenter goes on in a block: with the step that waited, on its input, and then with those after it.
func (f *frame) reenter(ctx context.Context, b *plan.Block) (any, error) {
	at := *f.run.parked.top
	if at.kept == nil {
		f.run.parked.top = at.below
	} else {
		f.run.parked.top.index = -1 // what is left of it is the op's
	}
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
func (p *parked) lost() { p.top = nil }

// leave leaves the goroutine, unless the run was woken before it could: then it goes on here. After it has left, nothing here may be
// touched: another goroutine may have gone on with it.
func (r *run) leave(f *frame, out *engine.Outcome) (any, error) {
	for p := r.parked; ; {
		p.records = f.records
		if live := f.lively(); live != nil {
			f.Keep(live)
		}
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
	f := r.shared(&r.main, clock())
	f.records = p.records
	if live, ok := p.top.kept.([]retry); ok {
		f.tries = append(f.tries, live...)
		p.top = p.top.below
	}
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
