package pool

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	// maxShards bounds how many parts a pool has on a machine of many cores: a Get that finds nothing looks at all of them.
	maxShards = 32
	// trimEvery is how many objects are put back to a shard between two trimmings.
	trimEvery = 1024
)

// shard is a part of a pool's free objects, the last one put back on top.
type shard[T any] struct {
	mu   sync.Mutex
	free []*T
	// low is the fewest that were free since the last trimming: so many were not needed.
	low int
	// due counts down to the next trimming.
	due int
	// taken and kept count what was taken from here and put here; trimmed what was dropped.
	taken, kept, trimmed int64

	// size is len(free) and max its bound, to be read without the lock.
	size, max atomic.Int32

	_ [64]byte // shards next to each other do not share a cache line
}

// width is how many shards a pool has: a power of two, of about the number of cores.
func width() int {
	n := 1
	for n < runtime.GOMAXPROCS(0) && n < maxShards {
		n *= 2
	}
	return n
}

// at gives the shard to begin with: a random one, which costs less than to ask for one's own.
func (p *Pool[T]) at() int {
	if len(p.shards) == 1 {
		return 0
	}
	return int(rand.Uint32()) & (len(p.shards) - 1)
}

// take takes a free object, nil if there is none.
func (p *Pool[T]) take() *T {
	first := p.at()
	for i := range p.shards {
		s := &p.shards[(first+i)&(len(p.shards)-1)]
		if s.size.Load() == 0 {
			continue
		}
		if v := s.pop(); v != nil {
			return v
		}
	}
	return nil
}

// keep keeps v among the free objects and says whether there was room.
func (p *Pool[T]) keep(v *T) bool {
	first := p.at()
	for i := range p.shards {
		s := &p.shards[(first+i)&(len(p.shards)-1)]
		if s.size.Load() >= s.max.Load() {
			continue
		}
		if p.push(s, v) {
			return true
		}
	}
	return false
}

// pop takes the object on top.
func (s *shard[T]) pop() *T {
	s.mu.Lock()
	n := len(s.free) - 1
	if n < 0 {
		s.mu.Unlock()
		return nil
	}
	v := s.free[n]
	s.free[n] = nil
	s.free = s.free[:n]
	s.size.Store(int32(n))
	s.low = min(s.low, n)
	s.taken++
	s.mu.Unlock()
	return v
}

// push puts v on top, and trims the shard when it is time.
func (p *Pool[T]) push(s *shard[T], v *T) bool {
	s.mu.Lock()
	full := len(s.free) >= int(s.max.Load())
	if !full {
		s.free = append(s.free, v)
		s.kept++
		if s.due--; s.due <= 0 {
			p.trim(s)
		}
		s.size.Store(int32(len(s.free)))
	}
	s.mu.Unlock()
	return !full
}

// trim drops what was not needed since the last time, the oldest first. The caller holds the shard's lock.
func (p *Pool[T]) trim(s *shard[T]) int {
	n := p.drop(s, s.low)
	s.low, s.due = len(s.free), trimEvery
	return n
}

// drop drops the n oldest objects. The caller holds the shard's lock.
func (p *Pool[T]) drop(s *shard[T], n int) int {
	n = max(n, 0)
	for _, v := range s.free[:n] {
		p.guard.gone(v)
	}
	rest := copy(s.free, s.free[n:])
	clear(s.free[rest:])
	s.free = s.free[:rest]
	s.low = min(s.low, rest)
	s.size.Store(int32(rest))
	s.trimmed += int64(n)
	return n
}

// share gives each shard its part of the pool's bound and drops what is beyond. The caller holds mu.
func (p *Pool[T]) share() {
	n := len(p.shards)
	for i := range p.shards {
		s := &p.shards[i]
		part := p.max / n
		if i < p.max%n {
			part++
		}
		s.mu.Lock()
		s.max.Store(int32(part))
		p.drop(s, len(s.free)-part)
		s.mu.Unlock()
	}
}
