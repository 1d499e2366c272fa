package cache_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/usage"
)

var errBoom = errors.New("boom")

// counted makes a step of a function and counts its calls. Each call reports one request of three tokens.
func counted[I, O any](name string, f func(I) (O, error)) (weir.Step[I, O], *atomic.Int64) {
	calls := new(atomic.Int64)
	return weir.Func(name, func(ctx context.Context, in I) (O, error) {
		calls.Add(1)
		out, err := f(in)
		if over := usage.Report(ctx, usage.Usage{Requests: 1, OutputTokens: 3}); over != nil {
			return out, over
		}
		return out, err
	}), calls
}

// shout is a function whose results are kept.
func shout(s string) (string, error) { return strings.ToUpper(s), nil }

func compile[I, O any](t *testing.T, s weir.Step[I, O], c *weir.Config) *weir.Plan[I, O] {
	t.Helper()
	p, err := weir.Compile(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func execute[I, O any](t *testing.T, p *weir.Plan[I, O], in I, opts ...weir.RunOption) *weir.Result[O] {
	t.Helper()
	r, err := p.Execute(t.Context(), in, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// note gives a note of a step.
func note[O any](t *testing.T, r *weir.Result[O], path, key string) any {
	t.Helper()
	s, ok := r.Step(path)
	if !ok {
		t.Fatalf("the step %s was not reached", path)
	}
	return s.Note(key)
}

// backend is a Backend that says what it was asked, and may fail.
type backend struct {
	mu        sync.Mutex
	held      map[string]cache.Entry
	gets      []string
	ttls      []time.Duration
	get, put  error
	getPanics bool
}

func (b *backend) Get(_ context.Context, key string) (cache.Entry, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.getPanics {
		panic("kaput")
	}
	b.gets = append(b.gets, key)
	e, ok := b.held[key]
	return e, ok && b.get == nil, b.get
}

func (b *backend) Put(_ context.Context, key string, e cache.Entry, ttl time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ttls = append(b.ttls, ttl)
	if b.put != nil {
		return b.put
	}
	if b.held == nil {
		b.held = map[string]cache.Entry{}
	}
	b.held[key] = e
	return nil
}

func (b *backend) Clear(context.Context) error { return nil }

// named is a model with a name that says it.
type named struct {
	name  string
	calls atomic.Int64
}

func (m *named) Provider() string { return "test" }
func (m *named) Name() string     { return m.name }

func (m *named) Generate(context.Context, *model.Request) (*model.Response, error) {
	m.calls.Add(1)
	return &model.Response{Text: "I am " + m.name, Usage: usage.Usage{InputTokens: 5, OutputTokens: 3, Cost: 10}}, nil
}

// store is a Store in memory.
type store struct {
	mu   sync.Mutex
	data map[string][]byte
}

func (s *store) Get(_ context.Context, key string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.data[key]
	return data, ok, nil
}

func (s *store) Put(_ context.Context, key string, data []byte, _ time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data == nil {
		s.data = map[string][]byte{}
	}
	s.data[key] = data
	return nil
}

func (s *store) Clear(context.Context) error { return nil }

// coder counts what it does.
type coder struct {
	codec.JSON
	encoded, decoded atomic.Int64
}

func (c *coder) Encode(v any) ([]byte, error) {
	c.encoded.Add(1)
	return c.JSON.Encode(v)
}

func (c *coder) Decode(data []byte, t reflect.Type) (any, error) {
	c.decoded.Add(1)
	return c.JSON.Decode(data, t)
}
