package local

import (
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/pool"
	"github.com/weirflow/weir/telemetry"
)

// Frames are used again by later runs of their program, with the memory for their records. Of the three ways that were
// measured (docs/optimisations.md) a sync.Pool is the fastest: a pool.Pool takes about three times as long, a frame made anew more;
// a plan whose Config has Pools takes the second, for its bound and its figures.
// The plain twin, in the idiom of all Go that has no reason to do otherwise, makes a frame for each run and leaves it to the collector.

// maxSlab is how many records a frame keeps when it goes back to the pool.
const maxSlab = 1024

// taken gives a frame in which nothing of another run is.
func (r *run) taken() *frame {
	if r.prog.Twins.Pool {
		return &frame{}
	}
	if b := r.prog.Bounded; b != nil {
		return b.Get().(*frame)
	}
	f, _ := r.prog.Frames.Get().(*frame)
	if f == nil {
		return &frame{}
	}
	f.taken()
	return f
}

// release gives the frame back. Nothing of the run stays in it.
func (f *frame) release() {
	if f.run.prog.Twins.Pool {
		return
	}
	p := f.run.prog
	slab, rounds, tries, event, summary := f.slab[:0], f.rounds[:0], f.tries[:0], f.event, f.summary
	if cap(slab) > maxSlab {
		slab = nil
	}
	if event != nil {
		*event = telemetry.Event{}
	}
	if summary != nil {
		*summary = telemetry.Summary{}
	}
	*f = frame{slab: slab, rounds: rounds, tries: tries, event: event, summary: summary}
	if p.Bounded != nil {
		p.Bounded.Put(f)
		return
	}
	f.returned()
	p.Frames.Put(f)
}

// Bounded gives the pool for Program.Bounded that is a part of a set: weir.Config.Pools.
func Bounded(s *pool.Set) plan.Pool {
	return bounded{pool.Of(s, pool.Config[frame]{Reset: func(*frame) {}})} // release has reset it
}

// bounded is a pool of frames as a plan knows it. Frames are watched by the pool's own guard when built with -tags weirdebug.
type bounded struct{ frames *pool.Pool[frame] }

// Get gives a frame in which nothing of another run is.
func (b bounded) Get() any { return b.frames.Get() }

// Put takes a frame back that has been reset.
func (b bounded) Put(v any) { b.frames.Put(v.(*frame)) }
