package cache

import (
	"hash/maphash"
	"sync/atomic"
)

// FlightTable is where the flights of several places are found, without a lock: who asks for one key never waits for who asks for
// another, also when that one's thread is taken away. It is a part of the optimisation "lookup". It has 32 KB, so that with 100,000
// flights at a time 24 share a slot, which each that comes or goes looks through. Make it with NewFlightTable; it is safe for use by several
// goroutines.
type FlightTable struct {
	seed  maphash.Seed
	slots [flightSlots]atomic.Pointer[place]
}

// flightSlots is a power of two.
const flightSlots = 4096

// place is one of a list that begins in a slot. A list is never changed but at its beginning: a flight in its middle is taken out by
// replacing those before it. So whoever finds the beginning unchanged knows that the list is.
type place struct {
	lead *Lead
	// next is emptied when the lead has left, so that it does not keep those alive that went before it. Whoever reads
	// it then stands in a list of which the beginning has changed, and begins again.
	next atomic.Pointer[place]
}

// NewFlightTable makes an empty table.
func NewFlightTable() *FlightTable { return &FlightTable{seed: maphash.MakeSeed()} }

// Flights is a FlightMaker: it makes the flights of another place.
func (t *FlightTable) Flights() *Flights { return &Flights{table: t} }

func (t *FlightTable) slot(l *Lead) *atomic.Pointer[place] { return &t.slots[l.hash%flightSlots] }

func (t *FlightTable) enter(l *Lead) (other *Lead) {
	slot := t.slot(l)
	l.at.lead = l
	for {
		first := slot.Load()
		for p := first; p != nil; p = p.next.Load() {
			if o := p.lead; o.hash == l.hash && o.of == l.of && o.key == l.key && o.flies() {
				return o
			}
		}
		l.at.next.Store(first)
		if slot.CompareAndSwap(first, &l.at) {
			return nil
		}
	}
}

func (t *FlightTable) leave(l *Lead) {
	slot := t.slot(l)
	for {
		first := slot.Load()
		rest, ok := first.without(l)
		if ok && slot.CompareAndSwap(first, rest) {
			break
		}
	}
	l.at.next.Store(nil)
}

// without gives the list without a flight, the places before it made anew; not ok: the list has changed meanwhile.
func (p *place) without(l *Lead) (rest *place, ok bool) {
	switch {
	case p == nil:
		return nil, false
	case p.lead == l:
		return p.next.Load(), true
	}
	behind, ok := p.next.Load().without(l)
	if !ok {
		return nil, false
	}
	copied := &place{lead: p.lead}
	copied.next.Store(behind)
	return copied, true
}
