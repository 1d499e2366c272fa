package modeltest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// raw is the data of an event that is no JSON.
type raw string

// done is the data of the last event of a stream.
const done raw = "[DONE]"

// text is the answer's text.
func (a *Answer) text() string {
	if a.Text == "" {
		return strings.Join(a.Parts, "")
	}
	return a.Text
}

// parts are what the answer is told in.
func (a *Answer) parts() []string {
	switch {
	case a.Parts != nil:
		return a.Parts
	case a.Text == "":
		return nil
	}
	return strings.SplitAfter(a.Text, " ")
}

// stream writes an answer as server-sent events, or shows its fault.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, a Answer, seen Seen) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	events := s.encoded(s.wire.events(a, seen))
	switch a.Fault {
	case CutOff:
		whole := strings.Join(events, "")
		s.write(w, a, whole[:len(whole)/2])
		panic(http.ErrAbortHandler)
	case Malformed:
		events = s.encoded([]any{raw(`{"id": "x", "choices": [{`), done})
	case WrongShape:
		events = s.encoded([]any{raw(`["not", "an", "answer"]`), done})
	case Deep:
		events = s.encoded([]any{raw(strings.Repeat("[", 1_000_000)), done})
	case Silent:
		for _, e := range events[:min(2, len(events))] { // the beginning, and the first part
			s.write(w, a, e)
		}
		s.wait(r)
		return
	case Oversized:
		s.overflow(w, "data: {\"padding\": \"", "\"}\n\n"+strings.Join(events, ""))
		return
	}
	for _, e := range events {
		if !s.write(w, a, e) {
			return
		}
	}
}

// encoded puts data into events.
func (s *Server) encoded(list []any) []string {
	events := make([]string, len(list))
	for i, e := range list {
		text, ok := e.(raw)
		if !ok {
			b, err := json.Marshal(e)
			if err != nil {
				s.t.Errorf("the event is not JSON: %v", err)
			}
			text = raw(b)
		}
		events[i] = fmt.Sprintf("data: %s\n\n", text)
	}
	return events
}

// write sends a text at once, or torn into pieces. It says whether the caller is still there.
func (s *Server) write(w http.ResponseWriter, a Answer, text string) bool {
	c := http.NewResponseController(w)
	for piece := a.Torn; text != ""; {
		if piece <= 0 || piece > len(text) {
			piece = len(text)
		}
		if _, err := w.Write([]byte(text[:piece])); err != nil {
			return false
		}
		if c.Flush() != nil {
			return false
		}
		text = text[piece:]
	}
	return true
}
