package cache

import (
	"context"
	"sync"
	"sync/atomic"
)

// Flights lets one of several callers that ask for the same key at the same time do the work: the first leads, the others
// wait for what it gets. The zero value is ready; it must not be copied.
type Flights struct {
	copies copier

	mu    sync.Mutex
	going map[string]*Lead
	ended atomic.Uint64 // added to under mu
}

// Lead is the work of one key, of its leader, who must call End.
type Lead struct {
	of    *Flights
	key   string
	after uint64
	// done is closed at the end; made under of.mu by the first who waits, since mostly nobody does.
	done chan struct{}

	// Set before done is closed, under of.mu the first two.
	over    bool
	waiting int
	entry   *Entry
	again   bool
}

// Seen counts the flights that have ended. A leader who looked for a result when fewer had (see Late) must look again: it may
// have been got since.
func (f *Flights) Seen() uint64 { return f.ended.Load() }

// Late says that a flight ended between Seen and Join.
func (l *Lead) Late(seen uint64) bool { return l.after != seen }

// Join takes part in the work of a key. The first caller is its leader: lead is not nil, and nothing else is given. The
// others wait: ok says that the leader got a result, of which e is a copy of their own. Without ok they are left to themselves.
// When the leader was cancelled one of those who wait leads in its place. The error is that of the context, when it ends first.
func (f *Flights) Join(ctx context.Context, key string) (lead *Lead, e Entry, ok bool, err error) {
	for {
		l, leads := f.join(key)
		if leads {
			return l, Entry{}, false, nil
		}
		select {
		case <-l.done:
		case <-ctx.Done():
			return nil, Entry{}, false, ctx.Err()
		}
		switch {
		case l.entry != nil:
			return nil, f.copies.entry(*l.entry), true, nil
		case !l.again:
			return nil, Entry{}, false, nil
		}
	}
}

// join gives the flight of a key, and whether the caller leads it.
func (f *Flights) join(key string) (l *Lead, leads bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if l = f.going[key]; l != nil {
		if l.waiting++; l.done == nil {
			l.done = make(chan struct{})
		}
		return l, false
	}
	if f.going == nil {
		f.going = map[string]*Lead{}
	}
	l = &Lead{of: f, key: key, after: f.ended.Load()}
	f.going[key] = l
	return l, true
}

// End gives those who wait the result, or none: a nil entry, or one that cannot be copied. With again, which a leader says who was
// cancelled, one of them leads next. Only the first call counts; a nil Lead has nobody waiting.
func (l *Lead) End(e *Entry, again bool) {
	if l == nil || !l.land() {
		return
	}
	if l.waiting == 0 { // and nobody joins any more
		return
	}
	defer close(l.done)
	l.again = again
	if e != nil && l.of.copies.whole(*e) {
		own := l.of.copies.entry(*e)
		l.entry = &own
	}
}

// land takes the flight out, so that whoever comes now begins another; false when it was out already.
func (l *Lead) land() bool {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	if l.over {
		return false
	}
	l.over = true
	delete(l.of.going, l.key)
	l.of.ended.Add(1)
	return true
}
