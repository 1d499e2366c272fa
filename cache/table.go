package cache

import (
	"math/rand/v2"
	"sync/atomic"
)

// table is a hash table with chains. One goroutine at a time may change it; find may be called meanwhile, and gives what was
// there when it was called or what is there since.
type table struct{ buckets []atomic.Pointer[held] }

// minBuckets is how many chains a table begins with; there are twice as many whenever there are more entries than chains.
const minBuckets = 64

func newTable(n int) *table { return &table{buckets: make([]atomic.Pointer[held], n)} }

func (t *table) bucket(hash uint64) *atomic.Pointer[held] {
	return &t.buckets[hash&uint64(len(t.buckets)-1)]
}

func (t *table) find(hash uint64, key string) *held {
	for h := t.bucket(hash).Load(); h != nil; h = h.next.Load() {
		if h.hash == hash && h.key == key {
			return h
		}
	}
	return nil
}

func (t *table) add(h *held) {
	first := t.bucket(h.hash)
	h.next.Store(first.Load())
	first.Store(h)
}

// remove takes an entry out of its chain. It goes on leading to those behind it, for whoever stands there.
func (t *table) remove(h *held) {
	for at := t.bucket(h.hash); at.Load() != nil; at = &at.Load().next {
		if at.Load() == h {
			at.Store(h.next.Load())
			return
		}
	}
}

// grown makes the table anew, larger. Whoever walks a chain of the old one may be led into the new one and miss an entry: so entries
// get chains of their own, which is why they are copied.
func (t *table) grown(all heap) *table {
	g := newTable(2 * len(t.buckets))
	for i, h := range all {
		moved := &held{key: h.key, hash: h.hash, entry: h.entry, until: h.until, flat: h.flat, at: i, mark: h.mark}
		moved.used.Store(h.used.Load())
		all[i], h.at = moved, -1
		g.add(moved)
	}
	return g
}

// counter counts in several places, so that those who count do not wait for each other.
type counter [8]struct {
	n atomic.Uint64
	_ [120]byte // the others lie in cache lines of their own
}

func (c *counter) add() { c[rand.Uint32()%uint32(len(c))].n.Add(1) }

func (c *counter) sum() (n uint64) {
	for i := range c {
		n += c[i].n.Load()
	}
	return n
}

func (c *counter) reset() {
	for i := range c {
		c[i].n.Store(0)
	}
}
