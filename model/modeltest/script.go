package modeltest

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// Forever is a Delay that only the end of the context ends: a model that never answers.
const Forever time.Duration = math.MaxInt64

// Reply is one answer of a Scripted model. The zero value is an empty text.
type Reply struct {
	// Text is the answer. Empty: the Parts joined.
	Text string
	// Parts are what the answer is told in when it is streamed. Nil: one part, the Text.
	Parts []string
	// Pace is waited before each part.
	Pace time.Duration
	// Usage is what the call used. Zero: one request.
	Usage usage.Usage
	// Finish is how the answer ended; empty: model.FinishStop.
	Finish string
	// Err is returned in place of an answer; when it is streamed, after the Parts.
	Err error
	// Delay is waited before the answer. The end of the context ends the wait, and the call fails with its cause.
	Delay time.Duration
}

// Scripted is a model that gives its replies in order and remembers what it was asked. It is safe for use by several
// goroutines; which of them gets which reply is then not defined.
type Scripted struct {
	t       testing.TB
	replies []Reply

	mu   sync.Mutex
	seen []*model.Request
}

var (
	_ model.Streamer = (*Scripted)(nil)
	_ model.Named    = (*Scripted)(nil)
)

// Script makes a model that answers with these texts in order. Asked more often, it fails the test and returns an error;
// t may be nil, in an example for instance, and then it only returns the error.
func Script(t testing.TB, replies ...string) *Scripted {
	list := make([]Reply, len(replies))
	for i, text := range replies {
		list[i].Text = text
	}
	return Replies(t, list...)
}

// Replies is Script with usage, errors and delays.
func Replies(t testing.TB, replies ...Reply) *Scripted { return &Scripted{t: t, replies: replies} }

// Provider is "script".
func (*Scripted) Provider() string { return "script" }

// Name is "script".
func (*Scripted) Name() string { return "script" }

// Generate gives the next reply.
func (s *Scripted) Generate(ctx context.Context, r *model.Request) (*model.Response, error) {
	n, err := s.next(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.end(n)
}

// Stream gives the next reply in its parts.
func (s *Scripted) Stream(ctx context.Context, r *model.Request, take func(model.Chunk) error) (*model.Response, error) {
	n, err := s.next(ctx, r)
	if err != nil {
		return nil, err
	}
	reply := &s.replies[n]
	parts := reply.Parts
	if parts == nil && reply.Err == nil {
		parts = []string{reply.Text}
	}
	for _, part := range parts {
		if err := wait(ctx, reply.Pace); err != nil {
			return nil, fmt.Errorf("script: %w", err)
		}
		if part == "" {
			continue
		}
		if err := take(model.Chunk{Text: part}); err != nil {
			return nil, err
		}
	}
	return s.end(n)
}

// next remembers a request, waits as its reply says, and gives the reply's number.
func (s *Scripted) next(ctx context.Context, r *model.Request) (n int, err error) {
	s.mu.Lock()
	n = len(s.seen)
	s.seen = append(s.seen, r.Clone())
	s.mu.Unlock()
	if n >= len(s.replies) {
		err := plan.Errorf(plan.CodeModel, "the script has %d replies and was asked for one more", len(s.replies))
		if s.t != nil {
			s.t.Errorf("%v: %s", err, last(r))
		}
		return n, err
	}
	if err := wait(ctx, s.replies[n].Delay); err != nil {
		return n, fmt.Errorf("script: %w", err)
	}
	return n, nil
}

// end is how reply n ends: its error, or the whole answer.
func (s *Scripted) end(n int) (*model.Response, error) {
	reply := &s.replies[n]
	if reply.Err != nil {
		return nil, reply.Err
	}
	resp := &model.Response{Text: reply.Text, Usage: reply.Usage, Model: "script", Finish: reply.Finish, ID: fmt.Sprintf("reply-%d", n)}
	if resp.Text == "" {
		resp.Text = strings.Join(reply.Parts, "")
	}
	if resp.Usage.IsZero() {
		resp.Usage.Requests = 1
	}
	if resp.Finish == "" {
		resp.Finish = model.FinishStop
	}
	return resp, nil
}

// Requests are copies of what the model was asked so far, in order.
func (s *Scripted) Requests() []*model.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*model.Request, len(s.seen))
	for i, r := range s.seen {
		out[i] = r.Clone()
	}
	return out
}

// Asked is how often the model was asked.
func (s *Scripted) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}

// wait waits for d, or for the end of ctx.
func wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if d <= 0 {
		return nil
	}
	var done <-chan time.Time
	if d != Forever {
		timer := time.NewTimer(d)
		defer timer.Stop()
		done = timer.C
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-done:
		return nil
	}
}

// last is the last thing said to the model, for the text of a failed test.
func last(r *model.Request) string {
	if len(r.Messages) == 0 {
		return "(no messages)"
	}
	const most = 200
	text := r.Messages[len(r.Messages)-1].Content
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}

// Func makes a model of a function.
func Func(f func(ctx context.Context, r *model.Request) (*model.Response, error)) model.Model {
	return model.Func(f)
}
