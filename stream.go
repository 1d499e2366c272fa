package weir

import (
	"context"
	"iter"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// streamBuffer is how many events a streamed run may be ahead of the range over them.
const streamBuffer = 16

// Stream is a run that goes on while somebody ranges over its events. It belongs to one goroutine.
type Stream[O any] struct {
	ctx   context.Context
	drive func(context.Context, telemetry.ChunkRecorder) (*Result[O], error)

	begun, ended bool
	result       *Result[O]
	err          error
}

// Stream prepares a run of the plan on in. It begins with the range over its events:
//
//	s := p.Stream(ctx, in)
//	for e := range s.Events() {
//		fmt.Print(e.Text) // a part of the answer; empty in other events
//	}
//	result, err := s.Result()
//
// Start is for runs that go on by themselves, with several readers or none.
func (p *Plan[I, O]) Stream(ctx context.Context, in I, opts ...RunOption) *Stream[O] {
	return &Stream[O]{ctx: ctx, drive: func(ctx context.Context, r telemetry.ChunkRecorder) (*Result[O], error) {
		x, set := &execution[O]{}, p.settings(opts)
		if r != nil {
			set.job.Recorder = tee(r, set.job.Recorder)
		}
		err := p.execute(ctx, in, &set, x)
		return &x.result, err
	}}
}

// Events begins the run and gives what happens in it; the last event says how it ended. The answer of the last step is told while
// its model makes it, as agent.chunk (see package step/agent). A run is streamed once: a second range gives nothing.
//
// Breaking out of the range, or a panic in it, cancels the run. Either way the range is left only when every goroutine of the
// run has ended.
//
// The run is at most 16 events ahead of the range and then waits for it, with all that it holds: its permits, the connection to
// the model, the clock of its timeouts and of its limit. Nothing is dropped.
func (s *Stream[O]) Events() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		if s.begun {
			return
		}
		s.begun = true
		ctx, cancel := context.WithCancelCause(s.ctx)
		f := &feed{events: make(chan Event, streamBuffer), left: make(chan struct{})}
		go func() {
			defer close(f.events)
			s.result, s.err = s.drive(ctx, f)
		}()
		defer func() {
			cancel(errLeft)
			close(f.left)
			for range f.events { // until the run has ended
			}
			s.ended = true
		}()
		for e := range f.events {
			if !yield(e) {
				return
			}
		}
	}
}

// errLeft is why a run ended whose range was left.
var errLeft = &plan.Error{Code: plan.CodeCanceled, Text: "the run was canceled: the range over its events was left"}

// Result is the outcome, as Plan.Execute gives it, once the range over the events was left. Without a range it runs the plan, and
// nothing is streamed. Inside the range it is an error.
func (s *Stream[O]) Result() (*Result[O], error) {
	switch {
	case !s.begun:
		s.begun, s.ended = true, true
		s.result, s.err = s.drive(s.ctx, nil)
	case !s.ended:
		return &Result[O]{Status: Running}, plan.Errorf(plan.CodeFailed, "weir: the run goes on; its result is there after the range over its events")
	}
	return s.result, s.err
}

// feed hands events to the range over them. Unlike other recorders it makes the run wait.
type feed struct {
	events chan Event
	left   chan struct{} // closed when the range was left
}

// Event waits until the range has room, or was left.
func (f *feed) Event(_ context.Context, e *telemetry.Event) {
	select {
	case f.events <- *e:
	case <-f.left:
	}
}

// Chunks says that answers are taken in parts.
func (*feed) Chunks() bool { return true }

// Borrows is true: an event is copied.
func (*feed) Borrows() bool { return true }
