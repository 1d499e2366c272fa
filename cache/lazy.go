package cache

import (
	"context"
	"hash/maphash"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// Lazy is an LRU whose hits take no lock: what Get finds is marked as used, and put in order only when an entry has to go. It keeps
// and drops the very entries that an LRU would, its plain twin, and gives the same counts. It is the optimisation "lookup". It is safe
// for use by several goroutines.
type Lazy struct {
	size   int
	ttl    time.Duration
	now    func() int64 // nanoseconds since the cache was made
	copies copier
	seed   maphash.Seed

	// table is where entries are found. It is replaced when it is to grow; its chains are changed under mu and read without.
	table atomic.Pointer[table]
	// clock counts uses: an entry that was used later has a larger mark.
	clock atomic.Uint64
	hits  counter
	stats struct{ misses, evictions, expirations atomic.Uint64 }

	mu    sync.Mutex
	order heap
}

// held is one entry. The fields above used are not changed once it is in the table.
type held struct {
	key   string
	hash  uint64
	entry Entry
	until int64 // forEver: no end
	flat  bool  // the entry can be given without a copy

	used atomic.Uint64 // the clock when it was last used
	next atomic.Pointer[held]

	// Under mu: where it lies in the heap, -1 for no more, and the mark that put it there.
	at   int
	mark uint64
}

// forEver is further than time can be told.
const forEver = math.MaxInt64

// NewLazy makes an empty Lazy. The error names every field of the Config that makes no sense.
func NewLazy(c *Config) (*Lazy, error) {
	plain, err := New(c) // for its checks and defaults
	if err != nil {
		return nil, err
	}
	epoch := time.Now()
	l := &Lazy{size: plain.size, ttl: plain.ttl, seed: maphash.MakeSeed(), now: func() int64 { return int64(time.Since(epoch)) }}
	if c != nil && c.Now != nil {
		now := c.Now
		start := now()
		l.now = func() int64 { return int64(now().Sub(start)) }
	}
	l.table.Store(newTable(minBuckets))
	return l, nil
}

var _ Backend = (*Lazy)(nil)

// Get gives a copy of an entry; one that nobody could modify is shared. The error is always nil.
func (l *Lazy) Get(_ context.Context, key string) (Entry, bool, error) {
	found := l.table.Load().find(maphash.String(l.seed, key), key)
	if found == nil {
		l.stats.misses.Add(1)
		return Entry{}, false, nil
	}
	if found.until != forEver && l.now() >= found.until {
		l.stats.misses.Add(1)
		l.expire(found)
		return Entry{}, false, nil
	}
	l.hits.add()
	if found.used.Load() != l.clock.Load() { // else it is the last used
		found.used.Store(l.clock.Add(1))
	}
	if found.flat {
		return found.entry, true, nil
	}
	return l.copies.entry(found.entry), true, nil
}

// expire forgets an entry whose time is over, unless somebody else did or put another in its place.
func (l *Lazy) expire(h *held) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.at >= 0 {
		l.stats.expirations.Add(1)
		l.drop(h)
	}
}

// Put keeps a copy of an entry. Putting one in the place of another evicts nothing. A negative time is OwnTTL.
func (l *Lazy) Put(_ context.Context, key string, e Entry, ttl time.Duration) error {
	if !l.copies.whole(e) {
		return nil
	}
	kept := &held{key: key, hash: maphash.String(l.seed, key), entry: l.copies.entry(e), flat: l.copies.flat(e), until: forEver}
	if ttl < 0 {
		ttl = l.ttl
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := l.now(); ttl > 0 && now < forEver-int64(ttl) {
		kept.until = now + int64(ttl)
	}
	t := l.table.Load()
	if old := t.find(kept.hash, key); old != nil {
		l.drop(old)
	}
	for len(l.order) >= l.size {
		l.drop(l.oldest())
		l.stats.evictions.Add(1)
	}
	kept.mark = l.clock.Add(1)
	kept.used.Store(kept.mark)
	l.order.push(kept)
	if len(l.order) > len(t.buckets) {
		l.table.Store(t.grown(l.order))
		return nil
	}
	t.add(kept)
	return nil
}

// oldest is the entry that was not used for the longest time. Entries are put in order here that were used since: whichever is
// first with a mark that is still true has the smallest of all, for marks only grow.
func (l *Lazy) oldest() *held {
	for {
		first := l.order[0]
		used := first.used.Load()
		if used == first.mark {
			return first
		}
		first.mark = used
		l.order.down(0)
	}
}

// drop forgets one entry. The caller holds mu.
func (l *Lazy) drop(h *held) {
	l.order.remove(h)
	l.table.Load().remove(h)
}

// Delete forgets one key.
func (l *Lazy) Delete(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.table.Load().find(maphash.String(l.seed, key), key); h != nil {
		l.drop(h)
	}
}

// Clear forgets everything and sets the counts to 0. The error is always nil.
func (l *Lazy) Clear(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range l.order {
		h.at = -1
	}
	l.order = nil
	l.table.Store(newTable(minBuckets))
	l.hits.reset()
	l.stats.misses.Store(0)
	l.stats.evictions.Store(0)
	l.stats.expirations.Store(0)
	return nil
}

// Stats gives the counts. Those that change meanwhile may be of slightly different moments.
func (l *Lazy) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Stats{
		Hits: l.hits.sum(), Misses: l.stats.misses.Load(), Evictions: l.stats.evictions.Load(), Expirations: l.stats.expirations.Load(),
		Size: len(l.order),
	}
}
