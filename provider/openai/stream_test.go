package openai_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/provider/openai"
	"github.com/weirflow/weir/usage"
)

// stream asks for a stream and gives the parts that came.
func stream(t *testing.T, m model.Model, r *model.Request) ([]string, *model.Response, error) {
	t.Helper()
	var told []string
	resp, err := m.(model.Streamer).Stream(t.Context(), r, func(c model.Chunk) error {
		told = append(told, c.Text)
		return nil
	})
	return told, resp, err
}

func TestStreamAsksForPartsAndUsage(t *testing.T) {
	t.Parallel()
	m, s := open(t, func(c *openai.Config) { c.Prices = usage.Prices{"test-model": {Input: 1_000_000}} })
	s.Next(modeltest.Answer{Text: "one two", Usage: usage.Usage{InputTokens: 7, OutputTokens: 2}})
	told, resp, err := stream(t, m, ask())
	if err != nil || !slices.Equal(told, []string{"one ", "two"}) || resp.Usage.InputTokens != 7 || resp.Usage.Cost != 7 {
		t.Errorf("parts %q, answer %+v, %v", told, resp, err)
	}
	body := s.Requests()[0].Body
	options, _ := body["stream_options"].(map[string]any)
	if body["stream"] != true || options["include_usage"] != true {
		t.Errorf("sent %v", body)
	}
}

func TestStructuredAnswersStreamAndTheDowngradeHoldsForThem(t *testing.T) {
	t.Parallel()
	m, s := open(t, nil)
	s.Next(modeltest.Answer{Fault: modeltest.FormatRejected}, modeltest.Answer{Parts: []string{`{"a"`, `:1}`}})
	told, resp, err := stream(t, m, withSchema())
	if err != nil || !slices.Equal(told, []string{`{"a"`, `:1}`}) || resp.Usage.Requests != 2 {
		t.Errorf("parts %q, answer %+v, %v", told, resp, err)
	}
	for i, want := range []string{"json_schema", "json_object"} {
		format, _ := s.Requests()[i].Body["response_format"].(map[string]any)
		if format["type"] != want || s.Requests()[i].Body["stream"] != true {
			t.Errorf("request %d asks for %v", i, format)
		}
	}
}

func TestEndpointThatRefusesToStreamIsAskedForTheWholeFromThenOn(t *testing.T) {
	t.Parallel()
	m, s := open(t, nil)
	s.Next(modeltest.Answer{Fault: modeltest.StreamRejected}, modeltest.Answer{Text: "one two"}, modeltest.Answer{Text: "three four"})
	told, resp, err := stream(t, m, ask())
	if err != nil || !slices.Equal(told, []string{"one two"}) || resp.Usage.Requests != 2 {
		t.Fatalf("parts %q, answer %+v, %v; want one part after 2 requests", told, resp, err)
	}
	if told, resp, err = stream(t, m, ask()); err != nil || !slices.Equal(told, []string{"three four"}) || resp.Usage.Requests != 1 {
		t.Fatalf("the refusal was not remembered: parts %q, answer %+v, %v", told, resp, err)
	}
	for i, want := range []any{true, nil, nil} {
		if got := s.Requests()[i].Body["stream"]; got != want {
			t.Errorf("request %d: stream %v, want %v", i, got, want)
		}
	}
}

func TestOnlyARefusalOfStreamsIsARefusalOfStreams(t *testing.T) {
	t.Parallel()
	for said, calls := range map[string]int32{
		`{"error":{"message":"extra fields not permitted: stream_options"}}`:             2,
		`{"error":{"message":"Streaming is not supported"}}`:                             2,
		`{"error":{"message":"no","param":"stream_options.include_usage"}}`:              2,
		`{"error":{"message":"the upstream server says no"}}`:                            1,
		`{"error":{"message":"temperature must be at most 2","param":"temperature"}}`:    1,
		`{"error":{"message":"json_schema is not supported","param":"response_format"}}`: 1, // there is no schema to leave out
	} {
		var asked atomic.Int32
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, said)
		}))
		t.Cleanup(srv.Close)
		m, err := openai.New(openai.Config{BaseURL: srv.URL, Model: "m"})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := stream(t, m, ask()); plan.ClassOf(err) != plan.ClassBadRequest || asked.Load() != calls {
			t.Errorf("%s: err = %v after %d requests, want %d", said, err, asked.Load(), calls)
		}
	}
}

// streaming answers every request with the text of a stream.
func streaming(t *testing.T, sort, body string) model.Model {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", sort)
		io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	m, err := openai.New(openai.Config{BaseURL: srv.URL, Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// said is an event with a part of an answer.
func said(text string) string {
	return fmt.Sprintf("data: {\"choices\":[{\"delta\":{\"content\":%q},\"finish_reason\":null}]}\n\n", text)
}

const stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"

func TestStreamsOfCompatibleServersAreUnderstood(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body  string
		want  string
		class plan.Class
		used  int64
	}{
		"comments, other fields, line ends": {body: ": keep alive\r\n\r\nevent: message\r\nid: 1\r\nretry: 3\r\ndata:{\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\r\n\r\ndata: [DONE]\r\n\r\n", want: "hi"},
		"an end without a last event":       {body: said("hi") + stop, want: "hi"},
		"a last event without an end":       {body: said("hi") + "data: [DONE]\n\n", want: "hi"},
		"neither":                           {body: said("hi"), class: plan.ClassNetwork},
		"nothing at all":                    {body: "", class: plan.ClassNetwork},
		"an event cut in its middle":        {body: said("hi") + `data: {"choices":[{"delta":`, class: plan.ClassNetwork},
		"usage that grows with every event": {body: strings.ReplaceAll(said("hi"), "}]}", "}],\"usage\":{\"completion_tokens\":1}}") + strings.ReplaceAll(stop, "}]}", "}],\"usage\":{\"completion_tokens\":3}}"), want: "hi", used: 3},
		"usage that is null":                {body: strings.ReplaceAll(said("hi"), "}]}", "}],\"usage\":null}") + stop, want: "hi"},
		"an error after the first part":     {body: said("hi") + "data: {\"error\":{\"message\":\"overloaded\",\"code\":503}}\n\n", class: plan.ClassOverload},
		"an error as a text":                {body: said("hi") + "event: error\ndata: {\"error\":\"model runner has stopped\"}\n\n", class: plan.ClassNone},
		"no JSON":                           {body: said("hi") + "data: oops\n\n", class: plan.ClassInvalidOutput},
	} {
		_, resp, err := stream(t, streaming(t, "text/event-stream", c.body), ask())
		if c.want == "" {
			if err == nil || resp != nil || plan.CodeOf(err) != plan.CodeModel || plan.ClassOf(err) != c.class {
				t.Errorf("%s: answer %+v, err = %v of class %q, want %q", name, resp, err, plan.ClassOf(err), c.class)
			}
			continue
		}
		if err != nil || resp.Text != c.want || resp.Usage.OutputTokens != c.used {
			t.Errorf("%s: answer %+v, %v; want %q with %d tokens", name, resp, err, c.want, c.used)
		}
	}
}

func TestWholeAnswerToARequestForAStreamIsOnePart(t *testing.T) {
	t.Parallel()
	body := `{"id":"x","choices":[{"message":{"content":"one two"},"finish_reason":"stop"}],"usage":{"completion_tokens":2}}`
	told, resp, err := stream(t, streaming(t, "application/json; charset=utf-8", body), ask())
	if err != nil || !slices.Equal(told, []string{"one two"}) || resp.Usage.OutputTokens != 2 {
		t.Errorf("parts %q, answer %+v, %v", told, resp, err)
	}
}

func TestStreamedTextIsBoundedLikeAWholeAnswer(t *testing.T) {
	t.Parallel()
	part := said(strings.Repeat("x", 1<<20))
	var sent atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for range 100 {
			if _, err := io.WriteString(w, part); err != nil {
				return
			}
			sent.Add(1)
		}
	}))
	t.Cleanup(srv.Close)
	m, err := openai.New(openai.Config{BaseURL: srv.URL, Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	told, _, err := stream(t, m, ask())
	if plan.ClassOf(err) != plan.ClassInvalidOutput || !strings.Contains(err.Error(), "longer than 16 MiB") || len(told) != 16 {
		t.Errorf("err = %v after %d parts, want it after 16", err, len(told))
	}
	if sent.Load() == 100 {
		t.Error("the endpoint was heard to its end")
	}
}
