package modeltest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// failure is a fault and how a provider must report it.
type failure struct {
	fault  Fault
	class  plan.Class
	status int
}

var failures = []failure{
	{RateLimited, plan.ClassRateLimit, 429},
	{NoQuota, plan.ClassAuth, 429},
	{Broken, plan.ClassOverload, 500},
	{Overloaded, plan.ClassOverload, 503},
	{HTMLError, plan.ClassOverload, 502},
	{EndlessError, plan.ClassOverload, 500},
	{Unauthorized, plan.ClassAuth, 401},
	{Forbidden, plan.ClassAuth, 403},
	{BadRequest, plan.ClassBadRequest, 400},
	{NotFound, plan.ClassBadRequest, 404},
	{TooLong, plan.ClassContextLength, 400},
	{Filtered, plan.ClassContentFilter, 400},
	{Hangup, plan.ClassNetwork, 0},
	{CutOff, plan.ClassNetwork, 0},
	{Malformed, plan.ClassInvalidOutput, 0},
	{WrongShape, plan.ClassInvalidOutput, 0},
	{Deep, plan.ClassInvalidOutput, 0},
	{Empty, plan.ClassInvalidOutput, 0},
	{Oversized, plan.ClassInvalidOutput, 0},
	{ErrorBody, plan.ClassOverload, 0},
	{FilteredAnswer, plan.ClassContentFilter, 0},
	{Refusal, plan.ClassContentFilter, 0},
}

// fails checks one failure: its class, its status, a text of bounded length, and that it was not tried again.
func fails(t *testing.T, m model.Model, s *Server, want failure) {
	s.Next(Answer{Text: "half of this never arrives", Fault: want.fault})
	resp, err := m.Generate(t.Context(), question())
	got, ok := errors.AsType[*model.Error](err)
	if !ok {
		t.Fatalf("answer = %+v, err = %v (%T), want a *model.Error", resp, err, err)
	}
	if got.Class != want.class || got.Status != want.status {
		t.Errorf("class %q, status %d; want %q, %d: %v", got.Class, got.Status, want.class, want.status, err)
	}
	text := err.Error()
	if got.Provider == "" || !strings.HasPrefix(text, got.Provider+": ") {
		t.Errorf("the error does not begin with the provider: %v", err)
	}
	const longest = 1000
	if len(text) > longest || strings.ContainsAny(text, "\n\x00") {
		t.Errorf("the error's text is too long or has several lines (%d bytes)", len(text))
	}
	if s.flooded.Load() {
		t.Error("the provider read all of a body without an end")
	}
	if n := len(s.Requests()); n != 1 {
		t.Errorf("the endpoint was asked %d times; retries are the step's", n)
	}
}

func saysCut(t *testing.T, m model.Model, s *Server) {
	s.Next(Answer{Text: "It is fort", Fault: Cut})
	resp, err := m.Generate(t.Context(), question())
	if err != nil || resp.Text != "It is fort" || resp.Finish != model.FinishLength {
		t.Errorf("answer = %+v, %v; want the text and %q", resp, err, model.FinishLength)
	}
}

func reportsRefusal(t *testing.T, m model.Model, s *Server) {
	used := usage.Usage{InputTokens: 5, OutputTokens: 3}
	s.Next(Answer{Fault: Refusal, Usage: used})
	_, err := m.Generate(t.Context(), question())
	got, ok := errors.AsType[*model.Error](err)
	used.Requests = 1
	if !ok || got.Usage.Tokens() != used.Tokens() || got.Usage.Requests != 1 {
		t.Errorf("err = %+v, want the usage %+v in it", got, used)
	}
}

func readsRetryAfter(t *testing.T, m model.Model, s *Server) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for _, c := range []struct {
		key, value string
		least      time.Duration
		most       time.Duration
	}{
		{"Retry-After", "2", 2 * time.Second, 2 * time.Second},
		{"Retry-After", "0.5", 500 * time.Millisecond, 500 * time.Millisecond},
		{"Retry-After", in(30 * time.Second), 20 * time.Second, 31 * time.Second},
		{"Retry-After", in(-30 * time.Second), 0, 0},
		{"Retry-After-Ms", "1500", 1500 * time.Millisecond, 1500 * time.Millisecond},
		{"Retry-After", "-5", 0, 0},
		{"Retry-After", "soon", 0, 0},
		{"Retry-After", "NaN", 0, 0},
		{"Retry-After", "1e300", 1, 24 * time.Hour},
	} {
		s.Next(Answer{Fault: RateLimited, Header: http.Header{c.key: {c.value}}})
		_, err := m.Generate(t.Context(), question())
		if got := plan.RetryAfter(err); got < c.least || got > c.most {
			t.Errorf("%s: %s gives a wait of %v, want between %v and %v", c.key, c.value, got, c.least, c.most)
		}
	}
}

func keepsKey(t *testing.T, m model.Model, s *Server) {
	s.Next(Answer{Fault: Unauthorized})
	_, err := m.Generate(t.Context(), question())
	if err == nil || strings.Contains(err.Error(), Key) {
		t.Errorf("the error's text holds the API key: %v", err)
	}
}

func stopsOnCancel(t *testing.T, m model.Model, s *Server) {
	for _, fault := range []Fault{Mute, Silent} {
		s.Next(Answer{Fault: fault})
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			defer cancel()
			select {
			case <-s.Arrived():
			case <-t.Context().Done():
			}
		}()
		if _, err := m.Generate(ctx, question()); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: err = %v, want context.Canceled", fault, err)
		}
		cancel()
	}
}

func stopsOnDeadline(t *testing.T, m model.Model, s *Server) {
	cause := &plan.Error{Code: plan.CodeDuration, Text: "the run is over"}
	for _, fault := range []Fault{Mute, Silent} {
		s.Next(Answer{Fault: fault})
		ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, cause)
		_, err := m.Generate(ctx, question())
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, cause) {
			t.Errorf("%s: err = %v, want context.DeadlineExceeded and its cause", fault, err)
		}
	}
}

func asksNothing(t *testing.T, m model.Model, s *Server) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Generate(ctx, question()); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want context.Canceled", err)
	}
	if n := len(s.Requests()); n != 0 {
		t.Errorf("the endpoint was asked %d times", n)
	}
}
