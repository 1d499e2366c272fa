package cache

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/weirflow/weir/plan"
)

// The defaults of Config (spec/core.md §2.1).
const (
	DefaultSize = 1024
	DefaultTTL  = time.Hour
)

// Config says how large an LRU is. The zero value, and nil, mean the defaults.
type Config struct {
	// Size is how many entries there are at most. 0: DefaultSize. Negative: an error.
	Size int
	// TTL is how long an entry is kept whose Put says OwnTTL. 0: DefaultTTL. Negative: an error.
	TTL time.Duration
	// Now is the clock. Nil: time.Now.
	Now func() time.Time
}

// LRU is a Backend in memory: a map, a list and a lock round both. It is the plain twin of Lazy (the optimisation "lookup"), in the idiom of groupcache and of
// most Go code that has an LRU. When it is full the entry that was not used for the longest time goes; an entry whose time is over goes when it is asked for.
// It keeps and gives copies, so what it holds cannot be modified. It is safe for use by several goroutines.
//
// An output or note whose copy would share something that changes, such as a channel or an open file, is not kept.
type LRU struct {
	size   int
	ttl    time.Duration
	now    func() time.Time
	copies copier

	mu    sync.Mutex
	items map[string]*list.Element // of *item
	order *list.List               // the last used first
	stats Stats
}

// item is one entry. It is not changed once it is in the list.
type item struct {
	key   string
	entry Entry
	until time.Time // zero: for ever
}

// Stats are counts since an LRU was made or cleared.
type Stats struct {
	// Hits and Misses count what Get found and did not find; an entry whose time was over is a miss.
	Hits, Misses uint64
	// Evictions counts entries that went for want of room, Expirations those whose time was over.
	Evictions, Expirations uint64
	// Size is how many entries there are now.
	Size int
}

// New makes an empty LRU. The error names every field of the Config that makes no sense.
func New(c *Config) (*LRU, error) {
	if c == nil {
		c = &Config{}
	}
	var errs []error
	if c.Size < 0 {
		errs = append(errs, plan.Errorf(plan.CodeConfig, "cache: Size is %d; give the number of entries, or 0 for %d", c.Size, DefaultSize))
	}
	if c.TTL < 0 {
		errs = append(errs, plan.Errorf(plan.CodeConfig, "cache: TTL is %v; give a time, or 0 for %v", c.TTL, DefaultTTL))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	l := &LRU{size: c.Size, ttl: c.TTL, now: c.Now, items: map[string]*list.Element{}, order: list.New()}
	if l.size == 0 {
		l.size = DefaultSize
	}
	if l.ttl == 0 {
		l.ttl = DefaultTTL
	}
	if l.now == nil {
		l.now = time.Now
	}
	return l, nil
}

var _ Backend = (*LRU)(nil)

// Get gives a copy of an entry. The error is always nil.
func (l *LRU) Get(_ context.Context, key string) (Entry, bool, error) {
	found := l.find(key)
	if found == nil {
		return Entry{}, false, nil
	}
	return l.copies.entry(found.entry), true, nil
}

// find gives the item of a key and makes it the last used, nil for none.
func (l *LRU) find(key string) *item {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.items[key]
	if !ok {
		l.stats.Misses++
		return nil
	}
	found := at.Value.(*item)
	if !found.until.IsZero() && !l.now().Before(found.until) {
		l.drop(at)
		l.stats.Expirations++
		l.stats.Misses++
		return nil
	}
	l.stats.Hits++
	l.order.MoveToFront(at)
	return found
}

// Put keeps a copy of an entry. Putting one in the place of another evicts nothing. A negative time is OwnTTL.
func (l *LRU) Put(_ context.Context, key string, e Entry, ttl time.Duration) error {
	if !l.copies.whole(e) {
		return nil
	}
	kept := &item{key: key, entry: l.copies.entry(e)}
	if ttl < 0 {
		ttl = l.ttl
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if ttl > 0 {
		kept.until = l.now().Add(ttl)
	}
	if at, ok := l.items[key]; ok {
		at.Value = kept
		l.order.MoveToFront(at)
		return nil
	}
	for len(l.items) >= l.size {
		l.drop(l.order.Back())
		l.stats.Evictions++
	}
	l.items[key] = l.order.PushFront(kept)
	return nil
}

// drop forgets one entry. The caller holds mu.
func (l *LRU) drop(at *list.Element) {
	delete(l.items, l.order.Remove(at).(*item).key)
}

// Delete forgets one key.
func (l *LRU) Delete(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at, ok := l.items[key]; ok {
		l.drop(at)
	}
}

// Clear forgets everything and sets the counts to 0. The error is always nil.
func (l *LRU) Clear(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.items)
	l.order.Init()
	l.stats = Stats{}
	return nil
}

// Stats gives the counts, read at one moment.
func (l *LRU) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.stats
	s.Size = len(l.items)
	return s
}
