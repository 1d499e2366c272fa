package pool

// Stats is what a pool has done so far. Figures that are read while others use the pool need not add up.
type Stats struct {
	// Gets and Puts are how often objects were asked for and put back.
	Gets int64 `json:"gets"`
	Puts int64 `json:"puts"`
	// Hits are the Gets that were served with an object used before, Misses those that had to make one.
	Hits   int64 `json:"hits"`
	Misses int64 `json:"misses"`
	// Created is how many objects the pool has made: the Misses.
	Created int64 `json:"created"`
	// Current is how many objects are free now, Max the most that are kept.
	Current int `json:"current"`
	Max     int `json:"max"`
	// Overflow, Dirty and Trimmed are how many objects were dropped: because the pool was full when they were put back, because
	// they were not clean, and because they had not been needed for a while or the pool was made smaller.
	Overflow int64 `json:"overflow"`
	Dirty    int64 `json:"dirty"`
	Trimmed  int64 `json:"trimmed"`
}

// HitRate is the part of the Gets that were served with an object used before, from 0 to 1; 0 before the first.
func (s Stats) HitRate() float64 {
	if s.Gets == 0 {
		return 0
	}
	return float64(s.Hits) / float64(s.Gets)
}

// Stats gives what the pool has done so far.
func (p *Pool[T]) Stats() Stats {
	p.mu.Lock()
	max := p.max
	p.mu.Unlock()
	unclean, stale := p.dirty.Load(), p.stale.Load()
	st := Stats{Max: max, Misses: p.misses.Load(), Overflow: p.overflow.Load(), Dirty: unclean + stale}
	st.Puts, st.Hits = st.Overflow+unclean, -stale
	for i := range p.shards {
		s := &p.shards[i]
		s.mu.Lock()
		st.Current += len(s.free)
		st.Hits += s.taken
		st.Puts += s.kept
		st.Trimmed += s.trimmed
		s.mu.Unlock()
	}
	st.Gets, st.Created = st.Hits+st.Misses, st.Misses
	return st
}
