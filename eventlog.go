package weir

import (
	"context"
	"iter"
	"sync"

	"github.com/weirflow/weir/telemetry"
)

const (
	// eventLogSize is how many events a run that was started keeps for readers.
	eventLogSize = 16384
	// eventLogText is how many bytes of answers told in parts are among them, 4 MiB: about a million words.
	eventLogText = 4 << 20
)

// eventLog keeps the last events of a run for any number of readers. Writers never wait.
type eventLog struct {
	mu    sync.Mutex
	ended bool
	tape  tape
	next  int           // number of the next event, counted from the run's beginning
	bound *bound        // nil: all events are kept, and there is no text among them
	more  chan struct{} // closed when something came; nil: nobody waits for that
}

// bound is where what is kept begins, and how much text is in it.
type bound struct {
	oldest cursor
	text   int // bytes of Event.Text
}

// Event takes an event.
func (l *eventLog) Event(_ context.Context, e *telemetry.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next-l.oldest().number == eventLogSize {
		l.drop()
	}
	if e.Text != "" {
		for l.bounds().text += len(e.Text); l.bound.text > eventLogText && l.bound.oldest.number < l.next; {
			l.drop()
		}
	}
	l.tape.put(e)
	l.next++
	l.wake()
}

// oldest is the first event that is kept. The caller holds mu.
func (l *eventLog) oldest() cursor {
	if l.bound == nil {
		return cursor{}
	}
	return l.bound.oldest
}

// bounds makes the bound on first use. The caller holds mu.
func (l *eventLog) bounds() *bound {
	if l.bound == nil {
		l.bound = &bound{}
	}
	return l.bound
}

// drop forgets the oldest event. The caller holds mu.
func (l *eventLog) drop() {
	b := l.bounds()
	b.text -= len(l.tape.read(&b.oldest).Text)
	l.tape.cut(b.oldest)
}

// open says that more will come after an end.
func (l *eventLog) open() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = false
}

// Chunks says that answers are taken in parts: a run is started to be watched.
func (*eventLog) Chunks() bool { return true }

// end says that nothing more will come.
func (l *eventLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.tape.clip() // a run that waits may do so for long
	l.wake()
}

// wake tells the readers that wait. The caller holds mu.
func (l *eventLog) wake() {
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
}

// all gives every event from the beginning.
func (l *eventLog) all() iter.Seq[telemetry.Event] {
	return func(yield func(telemetry.Event) bool) {
		batch := make([]telemetry.Event, 0, 64)
		for at := (cursor{}); ; {
			var wait <-chan struct{}
			batch, wait = l.read(batch[:0], &at)
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

// read copies some of the events from the cursor on, and moves it. When there are none it gives what to wait on, nil at the end.
func (l *eventLog) read(batch []telemetry.Event, at *cursor) (_ []telemetry.Event, wait <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if oldest := l.oldest(); at.number < oldest.number {
		batch = append(batch, telemetry.Event{Type: telemetry.EventsDropped, Site: -1, Done: oldest.number - at.number})
		*at = oldest
	}
	for at.number < l.next && len(batch) < cap(batch) {
		batch = append(batch, l.tape.read(at))
	}
	if len(batch) > 0 || l.ended {
		return batch, nil
	}
	if l.more == nil {
		l.more = make(chan struct{})
	}
	return batch, l.more
}
