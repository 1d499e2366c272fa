package local

// Frames are used again by later runs of their program, with the memory for their records. Of the three ways that were
// measured (docs/optimisations.md) a sync.Pool is the fastest: a pool.Pool takes about three times as long, a frame made anew more.
// The plain twin, in the idiom of all Go that has no reason to do otherwise, makes a frame for each run and leaves it to the collector.

// maxSlab is how many records a frame keeps when it goes back to the pool.
const maxSlab = 1024

// taken gives a frame in which nothing of another run is.
func (r *run) taken() *frame {
	if r.plain.pool {
		return &frame{}
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
	if f.run.plain.pool {
		return
	}
	p := f.run.prog
	slab, rounds, tries := f.slab[:0], f.rounds[:0], f.tries[:0]
	if cap(slab) > maxSlab {
		slab = nil
	}
	*f = frame{slab: slab, rounds: rounds, tries: tries}
	f.returned()
	p.Frames.Put(f)
}
