package cache

import (
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
)

// inOneSlot makes flights that share a slot.
func inOneSlot(f *Flights, keys ...string) []*Lead {
	var list []*Lead
	for _, key := range keys {
		list = append(list, &Lead{of: f, key: key, hash: 7})
	}
	return list
}

// going gives the keys of a slot.
func (t *FlightTable) going(slot int) (keys []string) {
	for p := t.slots[slot].Load(); p != nil; p = p.next.Load() {
		keys = append(keys, p.lead.key)
	}
	return keys
}

func TestFlightsOfOneSlotComeAndGoInAnyOrder(t *testing.T) {
	t.Parallel()
	keys := []string{"a", "b", "c", "d", "e"}
	for range 200 {
		table := NewFlightTable()
		f := table.Flights()
		list := inOneSlot(f, keys...)
		for _, l := range list {
			if table.enter(l) != nil {
				t.Fatal("another has its key")
			}
		}
		for i, at := range rand.Perm(len(list)) {
			if other := table.enter(inOneSlot(f, keys[at])[0]); other != list[at] {
				t.Fatalf("%q is not found in %q", keys[at], table.going(7))
			}
			table.leave(list[at])
			if left := table.going(7); len(left) != len(list)-i-1 {
				t.Fatalf("%q are left after %q", left, keys[at])
			}
			if list[at].at.next.Load() != nil {
				t.Fatal("one that has left keeps the others alive")
			}
		}
	}
}

func TestPlacesOfOneTableDoNotMeet(t *testing.T) {
	t.Parallel()
	table := NewFlightTable()
	a, b := table.Flights(), table.Flights()
	if table.enter(inOneSlot(a, "k")[0]) != nil || table.enter(inOneSlot(b, "k")[0]) != nil {
		t.Error("a place waits for another")
	}
}

func TestManyComeAndGoInOneSlotAtATime(t *testing.T) {
	t.Parallel()
	table := NewFlightTable()
	f := table.Flights()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			var mine []*Lead
			for i := range 2000 {
				l := inOneSlot(f, strconv.Itoa(g)+" "+strconv.Itoa(i))[0]
				if table.enter(l) != nil {
					t.Error("another has its key")
				}
				mine = append(mine, l)
				if len(mine) > 3 {
					at := rand.IntN(len(mine))
					if other := table.enter(inOneSlot(f, mine[at].key)[0]); other != mine[at] {
						t.Error("a flight that goes on is not found")
					}
					table.leave(mine[at])
					mine = append(mine[:at], mine[at+1:]...)
				}
			}
			for _, l := range mine {
				table.leave(l)
			}
		})
	}
	wg.Wait()
	if left := table.going(7); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}
