package modeltest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir/model"
)

// Key is the API key that a provider under test sends; the server puts it into the text of Unauthorized, where a provider
// must not pass it on.
const Key = "sk-test-3fa9b1c7"

// Server is a provider's HTTP endpoint on the loopback. It gives its answers in order and remembers what it was asked; one
// request more than it has answers fails the test. It ends with the test.
type Server struct {
	// URL is the base URL to give to the provider.
	URL string

	t       testing.TB
	wire    wire
	end     chan struct{}
	arrived chan struct{}
	left    chan struct{}
	flooded atomic.Bool // a caller has taken in all of a flood

	mu      sync.Mutex
	answers []Answer
	seen    []Seen
}

// Seen is one request as it arrived.
type Seen struct {
	// Path is the URL's path, Header the request's header.
	Path   string
	Header http.Header
	// Raw is the body, and Body what it holds as JSON.
	Raw  []byte
	Body map[string]any
}

// wire is how a provider puts an answer on the wire.
type wire interface {
	// success is the body of an answer; failure the status and body of a fault told by status, 0 where it is none.
	success(a Answer) any
	// streamed says that a request asks for a stream; events are the data of the events of one.
	streamed(s Seen) bool
	events(a Answer, s Seen) []any
	failure(f Fault) (status int, body any)
	// asked turns what arrived back into the neutral words of a request, for Exercise.
	asked(s Seen) asked
}

// asked is what a provider must have said to its endpoint, whatever the wire format.
type asked struct {
	model    string
	messages []model.Message
	settings map[string]any
	schema   string // the schema as JSON, wherever it stood
	name     string // the schema's name
	strict   bool
	key      string
}

// newServer starts a server for a wire format under a base path.
func newServer(t testing.TB, base string, w wire) *Server {
	s := &Server{t: t, wire: w, end: make(chan struct{}), arrived: make(chan struct{}, 1<<10), left: make(chan struct{}, 1<<10)}
	srv := httptest.NewServer(s)
	t.Cleanup(func() {
		close(s.end)
		srv.CloseClientConnections()
		srv.Close()
	})
	s.URL = srv.URL + base
	return s
}

// Next adds answers to those that the server gives, and returns the server.
func (s *Server) Next(answers ...Answer) *Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, answers...)
	return s
}

// Requests are what arrived so far.
func (s *Server) Requests() []Seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Seen(nil), s.seen...)
}

// Arrived gets one value for each request, when it has been read.
func (s *Server) Arrived() <-chan struct{} { return s.arrived }

// Left gets one value for each caller who went away while a Silent or Mute answer was held.
func (s *Server) Left() <-chan struct{} { return s.left }

// ServeHTTP gives the next answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, model.MaxResponse))
	if err != nil {
		return // the caller has gone
	}
	seen := Seen{Path: r.URL.Path, Header: r.Header.Clone(), Raw: raw}
	if err := json.Unmarshal(raw, &seen.Body); err != nil {
		s.t.Errorf("the request is not JSON: %v: %s", err, raw)
	}
	answer, ok := s.take(seen)
	select {
	case s.arrived <- struct{}{}:
	default: // nobody listens
	}
	if !ok {
		s.t.Errorf("the server has no answer left for %s %s", r.URL.Path, raw)
		http.Error(w, "no answer left", http.StatusTeapot)
		return
	}
	s.answer(w, r, answer, seen)
}

// take remembers a request and gives the answer for it.
func (s *Server) take(seen Seen) (Answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.seen)
	s.seen = append(s.seen, seen)
	if n >= len(s.answers) {
		return Answer{}, false
	}
	return s.answers[n], true
}

// answer writes an answer, or shows its fault.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, a Answer, seen Seen) {
	maps.Copy(w.Header(), a.Header)
	if status, body := s.wire.failure(a.Fault); status != 0 {
		writeJSON(w, status, body)
		return
	}
	switch a.Fault {
	case HTMLError:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		io.WriteString(w, "<html><body><h1>502 Bad Gateway</h1></body></html>")
	case Hangup:
		panic(http.ErrAbortHandler)
	case Mute:
		s.wait(r)
	case EndlessError:
		_, body := s.wire.failure(Broken)
		s.flood(w, http.StatusInternalServerError, body)
	default:
		if s.wire.streamed(seen) {
			s.stream(w, r, a, seen)
			return
		}
		s.whole(w, r, a)
	}
}

// whole writes an answer in one piece, or shows its fault.
func (s *Server) whole(w http.ResponseWriter, r *http.Request, a Answer) {
	switch a.Fault {
	case CutOff:
		s.cut(w, a)
	case Malformed:
		writeRaw(w, http.StatusOK, `{"id": "x", "choices": [{`)
	case WrongShape:
		writeRaw(w, http.StatusOK, `["not", "an", "answer"]`)
	case Deep:
		writeRaw(w, http.StatusOK, strings.Repeat("[", 1_000_000))
	case Silent:
		writeRaw(w, http.StatusOK, `{"id": "x", `)
		http.NewResponseController(w).Flush()
		s.wait(r)
	case Oversized:
		s.flood(w, http.StatusOK, s.wire.success(a))
	default:
		writeJSON(w, http.StatusOK, s.wire.success(a))
	}
}

// cut sends half of an answer and breaks the connection.
func (s *Server) cut(w http.ResponseWriter, a Answer) {
	whole, err := json.Marshal(s.wire.success(a))
	if err != nil {
		s.t.Errorf("the answer is not JSON: %v", err)
		return
	}
	writeRaw(w, http.StatusOK, string(whole[:len(whole)/2]))
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// wait keeps the connection until the caller or the test has ended.
func (s *Server) wait(r *http.Request) {
	select {
	case <-r.Context().Done():
		select {
		case s.left <- struct{}{}:
		default: // nobody listens
		}
	case <-s.end:
	}
}

// flood sends a body that would be good if it did not begin with more than any answer may hold.
func (s *Server) flood(w http.ResponseWriter, status int, body any) {
	tail, err := json.Marshal(body)
	if err != nil {
		s.t.Errorf("the answer is not JSON: %v", err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	s.overflow(w, `{"padding": "`, `", `+strings.TrimPrefix(string(tail), "{"))
}

// overflow writes more than any answer may hold between two texts. It stops when the caller has had enough, and remembers when
// the caller had not.
func (s *Server) overflow(w http.ResponseWriter, begin, end string) {
	io.WriteString(w, begin)
	block := strings.Repeat("x", 1<<20)
	for range 4 * model.MaxResponse / len(block) {
		if _, err := io.WriteString(w, block); err != nil {
			return
		}
	}
	s.flooded.Store(true)
	io.WriteString(w, end)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func writeRaw(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}
