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
	more  chan struct{} // closed when something came; nil: nobody waits for that
}

// add takes an event.
func (l *eventLog) add(of origin, e *telemetry.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next-l.tape.oldest().number == eventLogSize {
		l.tape.drop(of)
	}
	if e.Text != "" {
		for l.tape.more().text += len(e.Text); l.tape.rest.text > eventLogText && l.tape.oldest().number < l.next; {
			l.tape.drop(of)
		}
	}
	l.tape.put(of, e)
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
func (l *eventLog) all(of origin) iter.Seq[telemetry.Event] {
	return func(yield func(telemetry.Event) bool) {
		batch := make([]telemetry.Event, 0, 64)
		for at := (cursor{}); ; {
			var wait <-chan struct{}
			batch, wait = l.read(of, batch[:0], &at)
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
func (l *eventLog) read(of origin, batch []telemetry.Event, at *cursor) (_ []telemetry.Event, wait <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if oldest := l.tape.oldest(); at.number < oldest.number {
		batch = append(batch, telemetry.Event{Type: telemetry.EventsDropped, Site: -1, Done: oldest.number - at.number})
		*at = oldest
	}
	for at.number < l.next && len(batch) < cap(batch) {
		batch = append(batch, l.tape.read(of, at))
	}
	if len(batch) > 0 || l.ended {
		return batch, nil
	}
	if l.more == nil {
		l.more = make(chan struct{})
	}
	return batch, l.more
}

// recorder takes a run's events into its log. It is the run itself, under another name so that users of a Run do not see its methods.
type recorder[O any] Run[O]

// Event takes an event.
func (r *recorder[O]) Event(_ context.Context, e *telemetry.Event) {
	r.log.add((*Run[O])(r).origin(), e)
}

// Chunks says that answers are taken in parts: a run is started to be watched.
func (*recorder[O]) Chunks() bool { return true }

// Borrows is true: an event is copied.
func (*recorder[O]) Borrows() bool { return true }

// origin is where the run's events come from.
func (r *Run[O]) origin() origin { return origin{r.job.ID, r.of.program} }
