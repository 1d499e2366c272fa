package weir

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/weirflow/weir/telemetry"
)

const (
	// eventLogSize is how many events a run that was started keeps for readers.
	eventLogSize = 16384
	// eventLogText is how many bytes of answers told in parts are among them, 4 MiB: about a million words.
	eventLogText = 4 << 20
)

// eventLog keeps the last events of a run in a ring for any number of readers. Writers never wait.
type eventLog struct {
	mu     sync.Mutex
	ring   []telemetry.Event
	oldest int           // number of the oldest event that is kept, counted from the run's beginning
	next   int           // number of the next event
	text   int           // bytes of Event.Text that are kept
	more   chan struct{} // closed and replaced when something came
	ended  bool
}

func newEventLog() *eventLog { return &eventLog{more: make(chan struct{})} }

// Event takes an event.
func (l *eventLog) Event(_ context.Context, e *telemetry.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next-l.oldest == eventLogSize {
		l.drop()
	}
	for l.text += len(e.Text); l.text > eventLogText && l.oldest < l.next; {
		l.drop()
	}
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

// Chunks says that answers are taken in parts: a run is started to be watched.
func (*eventLog) Chunks() bool { return true }

// drop forgets the oldest event. The caller holds mu.
func (l *eventLog) drop() {
	e := &l.ring[l.oldest%eventLogSize]
	l.text -= len(e.Text)
	*e = telemetry.Event{}
	l.oldest++
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
	if at < l.oldest {
		batch = append(batch, telemetry.Event{Type: telemetry.EventsDropped, Site: -1, Done: l.oldest - at})
		at = l.oldest
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
