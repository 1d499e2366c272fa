package weir

import (
	"context"
	"encoding/json"
	"iter"
	"sync"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// Event is one thing that happened in a run.
type Event = telemetry.Event

// Request is what a run asks of a person.
type Request struct {
	// ID names the request in Run.Answer.
	ID string `json:"id"`
	// Path is that of the step that asks.
	Path string `json:"path"`
	// Question is what is asked.
	Question string `json:"question"`
	// Schema is a JSON Schema that the answer must fit; nil: anything fits.
	Schema json.RawMessage `json:"schema,omitempty"`
}

// Run is a handle on a run that was started. It is safe for use by several goroutines.
type Run[O any] struct {
	id     string
	cancel context.CancelCauseFunc
	log    *eventLog
	done   chan struct{}

	mu     sync.Mutex
	status Status
	result *Result[O]
	err    error
}

// Start begins a run in the background. Its context bounds the whole run: when it ends the run is cancelled. The error says
// that the run could not begin.
func (p *Plan[I, O]) Start(ctx context.Context, in I, opts ...RunOption) (*Run[O], error) {
	if err := ctx.Err(); err != nil {
		return nil, &plan.Error{Code: plan.CodeCanceled, Text: "the run was not started: its context has ended", Err: err}
	}
	x := &execution[O]{settings: p.settings(opts)}
	job := &x.settings.job
	ctx, cancel := context.WithCancelCause(ctx)
	r := &Run[O]{id: job.ID, cancel: cancel, log: newEventLog(), done: make(chan struct{}), status: Running}
	job.Recorder = tee(r.log, job.Recorder)
	go func() {
		defer close(r.done)
		defer r.log.end()
		defer cancel(nil)
		err := p.execute(ctx, in, x)
		r.mu.Lock()
		r.result, r.err, r.status = &x.result, err, x.result.Status
		r.mu.Unlock()
	}()
	return r, nil
}

// ID is the run's id.
func (r *Run[O]) ID() string { return r.id }

// Status is how the run stands now.
func (r *Run[O]) Status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

// Pending are the requests that the run waits for; nil while it works and after it ended.
func (r *Run[O]) Pending() []Request { return nil }

// Cancel stops the run; cause, which may be nil, is in its error. Steps that honour their context end at once.
func (r *Run[O]) Cancel(cause error) { r.cancel(cause) }

// Answer answers a request. An id that the run does not wait for is refused with ErrNotFound, and the run goes on as before.
func (r *Run[O]) Answer(_ context.Context, requestID string, _ any) error {
	return plan.Errorf(plan.CodeNotFound, "weir: run %s waits for no request %q", r.id, requestID)
}

// Events gives what happens in the run, from its beginning, and ends with it. The range may stop early; that changes nothing for the
// run. Several ranges may go on at once. The answer of the last step is told while its model makes it, as agent.chunk (see package
// step/agent). A reader that falls more than 16,384 events or 4 MiB of told text behind gets one events.dropped in place of those it
// missed: the run never waits for a reader. Plan.Stream does.
func (r *Run[O]) Events() iter.Seq[Event] { return r.log.all() }

// Wait returns when the run has ended, or with the context's error when that ends first; the run goes on then.
func (r *Run[O]) Wait(ctx context.Context) (*Result[O], error) {
	select {
	case <-r.done:
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.result, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
