package cache

import (
	"context"
	"hash/maphash"
	"sync/atomic"
)

// Flights lets one of several callers that ask for the same key at the same time do the work: the first leads, the others
// wait for what it gets. The zero value is ready, and its callers share one lock; those of a FlightTable take none. It must not be
// copied.
type Flights struct {
	copies copier
	ended  atomic.Uint64
	table  *FlightTable // nil: the plain twin
	plain  flightMap
}

// FlightMaker makes the Flights of one place.
type FlightMaker func() *Flights

// LockedFlights is the FlightMaker of the plain twin: a map and a lock for each place.
func LockedFlights() *Flights { return &Flights{} }

// Lead is the work of one key, of its leader, who must call End.
type Lead struct {
	of    *Flights
	key   string
	hash  uint64 // of the key, in a FlightTable
	after uint64
	over  atomic.Bool // End was called
	// those is who waits: nil is nobody, landed that nobody can any more.
	those atomic.Pointer[waiters]
	// at is the lead's own place in a FlightTable.
	at place
}

// waiters are those who wait for one flight, and what they get when done is closed.
type waiters struct {
	done  chan struct{}
	entry *Entry
	again bool
}

// landed stands in place of the waiters of a flight that has ended.
var landed = new(waiters)

// Seen counts the flights that have ended. A leader who looked for a result when fewer had (see Late) must look again: it may
// have been got since.
func (f *Flights) Seen() uint64 { return f.ended.Load() }

// Late says that a flight ended between Seen and Join.
func (l *Lead) Late(seen uint64) bool { return l.after != seen }

// Join takes part in the work of a key. The first caller is its leader: lead is not nil, and nothing else is given. The
// others wait: ok says that the leader got a result, of which e is a copy of their own. Without ok they are left to themselves.
// When the leader was cancelled one of those who wait leads in its place. The error is that of the context, when it ends first.
func (f *Flights) Join(ctx context.Context, key string) (lead *Lead, e Entry, ok bool, err error) {
	mine := &Lead{of: f, key: key}
	for {
		other := f.enter(mine)
		if other == nil {
			mine.after = f.ended.Load()
			return mine, Entry{}, false, nil
		}
		those := other.waiters()
		if those == nil {
			continue // it has ended since
		}
		select {
		case <-those.done:
		case <-ctx.Done():
			return nil, Entry{}, false, ctx.Err()
		}
		switch {
		case those.entry != nil:
			return nil, f.copies.entry(*those.entry), true, nil
		case !those.again:
			return nil, Entry{}, false, nil
		}
	}
}

// enter puts a flight among those that go on, or gives the one of its key that does.
func (f *Flights) enter(l *Lead) (other *Lead) {
	if f.table == nil {
		return f.plain.enter(l)
	}
	l.hash = maphash.String(f.table.seed, l.key)
	return f.table.enter(l)
}

// leave takes a flight out.
func (f *Flights) leave(l *Lead) {
	if f.table == nil {
		f.plain.leave(l)
		return
	}
	f.table.leave(l)
}

// waiters gives those who wait, so that the caller is one of them; nil: the flight has ended.
func (l *Lead) waiters() *waiters {
	those := l.those.Load()
	if those == nil {
		if those = (&waiters{done: make(chan struct{})}); !l.those.CompareAndSwap(nil, those) {
			those = l.those.Load()
		}
	}
	if those == landed {
		return nil
	}
	return those
}

// flies says that the flight goes on: others may wait for it.
func (l *Lead) flies() bool { return l.those.Load() != landed }

// End gives those who wait the result, or none: a nil entry, or one that cannot be copied. With again, which a leader says who was
// cancelled, one of them leads next. Only the first call counts; a nil Lead has nobody waiting.
func (l *Lead) End(e *Entry, again bool) {
	if l == nil || !l.over.CompareAndSwap(false, true) {
		return
	}
	l.of.ended.Add(1) // before anybody can lead in its place: who does is late
	those := l.those.Swap(landed)
	l.of.leave(l)
	if those == nil { // and nobody joins any more
		return
	}
	defer close(those.done)
	those.again = again
	if e != nil && l.of.copies.whole(*e) {
		own := l.of.copies.entry(*e)
		those.entry = &own
	}
}
