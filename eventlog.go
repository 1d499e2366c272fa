package weir

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/weirflow/weir/telemetry"
)

// eventLogSize is how many events a run that was started keeps for readers.
const eventLogSize = 16384

// eventLog keeps the last events of a run in a ring for any number of readers. Writers never wait.
type eventLog struct {
	mu    sync.Mutex
	ring  []telemetry.Event
	next  int           // number of the next event, counted from the run's beginning
	more  chan struct{} // closed and replaced when something came
	ended bool
}

func newEventLog() *eventLog { return &eventLog{more: make(chan struct{})} }

// Event takes an event.
func (l *eventLog) Event(_ context.Context, e *telemetry.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < eventLogSize {
		l.ring = append(l.ring, *e)
	} else {
		l.ring[l.next%eventLogSize] = *e
	}
	l.next++
	l.wake()
}

// open says that more will come after an end.
func (l *eventLog) open() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = false
}

// end says that nothing more will come.
func (l *eventLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if len(l.ring) < eventLogSize {
		l.ring = slices.Clone(l.ring) // a run that waits may do so for long
	}
	l.wake()
}

func (l *eventLog) wake() {
	close(l.more)
	l.more = make(chan struct{})
}

// all gives every event from the beginning.
func (l *eventLog) all() iter.Seq[telemetry.Event] {
	return func(yield func(telemetry.Event) bool) {
		batch := make([]telemetry.Event, 0, 64)
		for at := 0; ; {
			var wait <-chan struct{}
			batch, at, wait = l.read(batch[:0], at)
			for _, e := range batch {
				if !yield(e) {
					return
				}
			}
			switch {
			case len(batch) > 0:
			case wait == nil:
				return
			default:
				<-wait
			}
		}
	}
}

// read copies some of the events from number at on, and gives the number to go on with. When there are none it gives what to
// wait on, nil at the end.
func (l *eventLog) read(batch []telemetry.Event, at int) (_ []telemetry.Event, next int, wait <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if oldest := l.next - len(l.ring); at < oldest {
		batch = append(batch, telemetry.Event{Type: telemetry.EventsDropped, Site: -1, Done: oldest - at})
		at = oldest
	}
	for at < l.next && len(batch) < cap(batch) {
		batch = append(batch, l.ring[at%eventLogSize])
		at++
	}
	if len(batch) > 0 || l.ended {
		return batch, at, nil
	}
	return batch, at, l.more
}

// tee gives events to both recorders; b may be nil.
func tee(a, b telemetry.Recorder) telemetry.Recorder {
	if b == nil {
		return a
	}
	return both{a, b}
}

type both struct{ a, b telemetry.Recorder }

// Event tells both; the first cannot fail.
func (t both) Event(ctx context.Context, e *telemetry.Event) {
	t.a.Event(ctx, e)
	t.b.Event(ctx, e)
}
