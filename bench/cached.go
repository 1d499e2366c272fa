package bench

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirflow/weir"
	backend "github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/layer/cache"
)

// question is the input of the workload cache_hit: about 1 KB.
type question struct {
	ID     int
	Text   string
	Tags   []string
	Scores [16]float64
	About  map[string]string
	Since  time.Time
}

// reply is its answer.
type reply struct {
	Text  string
	Lines []string
	Score int
}

// cacheHit is a step whose result the cache has: the key of a struct of 1 KB, the lookup, and the copy.
func cacheHit() Workload {
	return found("cache_hit", func() backend.Backend { return nil })
}

// cacheBytes is cacheHit where a store of bytes has the result, as one outside of the process would: what is read is decoded.
func cacheBytes() Workload {
	return found("cache_bytes", func() backend.Backend { return backend.Bytes{Store: &bytesInMemory{}} })
}

// found is a step whose result is found in a cache.
func found(name string, in func() backend.Backend) Workload {
	return Workload{name: name, unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		var asked atomic.Int64
		answer := weir.Func("answer", func(_ context.Context, q question) (reply, error) {
			asked.Add(1)
			return reply{Text: q.Text[:100], Lines: strings.Fields(q.Text), Score: q.ID}, nil
		})
		p, err := weir.Compile(answer.With(cache.For(time.Hour)), &weir.Config{Without: without, Cache: in()})
		if err != nil {
			return nil, err
		}
		in := aQuestion(17)
		want, err := p.Run(ctx, in)
		if err != nil {
			return nil, err
		}
		return &work{run: func(n int) error {
			for range n {
				got, err := p.Run(ctx, in)
				if err != nil {
					return err
				}
				if got.Score != want.Score || got.Text != want.Text || len(got.Lines) != len(want.Lines) || asked.Load() != 1 {
					return fmt.Errorf("the cache answered %v instead of %v; the step ran %d times", got, want, asked.Load())
				}
			}
			return nil
		}}, nil
	}}
}

// aQuestion makes a question.
func aQuestion(id int) question {
	q := question{
		ID: id, Text: strings.Repeat("why is it slow? ", 36), About: map[string]string{},
		Since: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC),
	}
	for i := range 8 {
		q.Tags = append(q.Tags, "a tag, number "+strconv.Itoa(i))
	}
	for i := range q.Scores {
		q.Scores[i] = float64(i) / 7
	}
	for _, name := range []string{"host", "zone", "team", "kind"} {
		q.About[name] = "some " + name
	}
	return q
}

// bytesInMemory is a store of bytes that never forgets.
type bytesInMemory struct{ data sync.Map }

func (m *bytesInMemory) Get(_ context.Context, key string) ([]byte, bool, error) {
	data, ok := m.data.Load(key)
	if !ok {
		return nil, false, nil
	}
	return data.([]byte), true, nil
}

func (m *bytesInMemory) Put(_ context.Context, key string, data []byte, _ time.Duration) error {
	m.data.Store(key, data)
	return nil
}

func (m *bytesInMemory) Clear(context.Context) error {
	m.data.Clear()
	return nil
}
