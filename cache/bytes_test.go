package cache_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/usage"
)

// memory is a Store that forgets no time.
type memory struct {
	mu   sync.Mutex
	data map[string][]byte
	ttl  time.Duration
	err  error
}

func (m *memory) Get(_ context.Context, key string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.data[key]
	return data, ok, m.err
}

func (m *memory) Put(_ context.Context, key string, data []byte, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.data == nil {
		m.data = map[string][]byte{}
	}
	m.data[key], m.ttl = data, ttl
	return m.err
}

func (m *memory) Clear(context.Context) error { m.data = nil; return m.err }

type report struct {
	Title string
	Rows  []int
}

func TestAStoreOfBytesKeepsWholeEntries(t *testing.T) {
	t.Parallel()
	m := &memory{}
	b := cache.Bytes{Store: m}.With(codec.New(codec.Of[report]()))
	e := cache.Entry{
		Output: &report{"a", []int{1}}, Notes: map[string]any{"attempts": 2, "warnings": []string{"w"}},
		Usage: usage.Usage{Requests: 1, InputTokens: 2, OutputTokens: 3, Cost: 4},
	}
	if err := b.Put(t.Context(), "k", e, time.Minute); err != nil {
		t.Fatal(err)
	}
	got, ok, err := b.Get(t.Context(), "k")
	if !ok || err != nil || !reflect.DeepEqual(got, e) || m.ttl != time.Minute {
		t.Errorf("%+v, %v, %v, for %v", got, ok, err, m.ttl)
	}
	if got := get(t, b, "nobody"); got != "miss" {
		t.Errorf("an unknown key: %v", got)
	}
	if err := b.Clear(t.Context()); err != nil || get(t, b, "k") != "miss" {
		t.Error("not cleared")
	}
}

func TestWhatAStoreCannotKeepOrGiveIsAnError(t *testing.T) {
	t.Parallel()
	m := &memory{data: map[string][]byte{"no json": []byte("?"), "no entry": []byte("5"), "false": []byte(`{"usage":{"$":"[]int64","v":[-1,0,0,0,0,0]},"notes":5}`)}}
	b := cache.Bytes{Store: m}
	for _, key := range []string{"no json", "no entry"} {
		if _, ok, err := b.Get(t.Context(), key); ok || err == nil {
			t.Errorf("%s: %v, %v", key, ok, err)
		}
	}
	if e, ok, err := b.Get(t.Context(), "false"); !ok || err != nil || !reflect.DeepEqual(e, cache.Entry{}) {
		t.Errorf("%+v, %v, %v", e, ok, err)
	}
	if err := b.Put(t.Context(), "k", cache.Entry{Output: report{}}, 0); err == nil || !strings.Contains(err.Error(), "is not known") {
		t.Errorf("error %v", err)
	}
	m.err = errors.New("down")
	if _, _, err := b.Get(t.Context(), "k"); !errors.Is(err, m.err) {
		t.Errorf("error %v", err)
	}
	mine := codec.New()
	if got := (cache.Bytes{Store: m, Codec: mine}).With(codec.New()).(cache.Bytes).Codec; got != codec.Codec(mine) {
		t.Error("With replaces a codec")
	}
}
