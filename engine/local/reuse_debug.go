//go:build weirdebug

package local

import (
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// A frame that goes back is filled with values that nobody means; when it is taken again they must all still be there. A frame
// that is released twice, or used without a run, panics because it has none.

// poisoned are the values.
var (
	poisonedRecord = plan.Record{Start: -0x2424242424242425, Busy: -0x2424242424242425, Count: 0xDBDBDBDB, Failures: 0xDBDBDBDB,
		Retries: 0xDBDBDBDB, Status: 0xDB}
	poisonedRetry = retry{site: -0x24242425, attempt: -0x24242425, execution: 0xDBDBDBDB}
)

const poisonedRound = int32(-0x24242425)

// poisonedEvent is what a recorder sees that keeps an event which it said that it borrows.
var poisonedEvent = telemetry.Event{Type: "poisoned", At: -0x2424242424242425, Path: "poisoned"}

// told poisons an event that was borrowed.
func (f *frame) told(e *telemetry.Event) {
	if e == f.event {
		*e = poisonedEvent
	}
}

// returned poisons the frame.
func (f *frame) returned() {
	if f.event != nil {
		*f.event = poisonedEvent
	}
	fill(f.slab, poisonedRecord)
	fill(f.rounds, poisonedRound)
	fill(f.tries, poisonedRetry)
}

// taken panics if somebody wrote to the frame since it was returned.
func (f *frame) taken() {
	if f.run != nil || f.strand != nil || f.records != nil || f.at != (cursor{}) || f.last != 0 || f.event != nil && *f.event != poisonedEvent ||
		!full(f.slab, poisonedRecord) || !full(f.rounds, poisonedRound) || !full(f.tries, poisonedRetry) {
		panic("local: a frame was written to after its run had given it back")
	}
}

// fill fills the memory of a list up to its capacity.
func fill[T any](list []T, with T) {
	list = list[:cap(list)]
	for i := range list {
		list[i] = with
	}
}

// full says that the memory of a list still is as fill left it.
func full[T comparable](list []T, with T) bool {
	if len(list) != 0 {
		return false
	}
	for _, v := range list[:cap(list)] {
		if v != with {
			return false
		}
	}
	return true
}
