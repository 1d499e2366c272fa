package weir_test

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/codec"
	stepcache "github.com/weirflow/weir/layer/cache"
	"github.com/weirflow/weir/weirtest"
)

// encodable are the values of BenchmarkCodec.
func encodable() map[string]any {
	source := func(rank int64) any {
		return map[string]any{
			"title": "How a weir is built, and why", "url": "https://example.org/weirs/17", "score": 0.83, "rank": rank, "tags": []any{"water", "stone"},
			"text": "A weir raises the level of a river.\nIt is \"low\": water flows over it. " + strings.Repeat("More of it. ", 12),
		}
	}
	words, ints := make([]string, 64), make([]int, 256)
	for i := range words {
		words[i] = "a word of sixteen"
	}
	for i := range ints {
		ints[i] = i
	}
	return map[string]any{
		"struct1KB": articleOf(1), "text1KB": strings.Repeat("what a model says.\n", 50), "strings": words, "ints": ints, "int": 17, "floats": make([]float64, 512),
		"entry": map[string]any{"output": articleOf(1), "usage": []int64{1, 512, 0, 90, 0, 17}}, // what cache.Bytes keeps
		"agent": map[string]any{"answer": "yes", "sources": []any{source(1), source(2), source(3), source(4)}, "usage": map[string]any{"in": int64(512)}},
	}
}

// BenchmarkCodec writes and reads values of the kinds that steps pass on. The reference is codec.Plain.
func BenchmarkCodec(b *testing.B) {
	quick, plain := codec.New(codec.Of[article]()), codec.Plain(codec.Of[article]())
	for name, v := range encodable() {
		data := must(plain.Encode(v))
		if !reflect.DeepEqual(must(quick.Decode(data, nil)), v) {
			b.Fatal(name)
		}
		write := func(c codec.Codec) func(int) {
			return func(n int) {
				for range n {
					must(c.Encode(v))
				}
			}
		}
		read := func(c codec.Codec) func(int) {
			return func(n int) {
				for range n {
					must(c.Decode(data, nil))
				}
			}
		}
		b.Run("encode/"+name, func(b *testing.B) { compare(b, write(quick), write(plain)) })
		b.Run("decode/"+name, func(b *testing.B) { compare(b, read(quick), read(plain)) })
	}
}

func TestAllocOfEncodingAStructOf1KBIsTheResult(t *testing.T) {
	c := codec.New(codec.Of[article]())
	v := any(articleOf(1))
	if n := testing.AllocsPerRun(200, func() { must(c.Encode(v)) }); n > 1 {
		t.Errorf("%v allocations", n)
	}
}

// bytesStore is a store of bytes.
type bytesStore struct{ data sync.Map }

func (s *bytesStore) Get(_ context.Context, key string) ([]byte, bool, error) {
	data, ok := s.data.Load(key)
	if !ok {
		return nil, false, nil
	}
	return data.([]byte), true, nil
}

func (s *bytesStore) Put(_ context.Context, key string, data []byte, _ time.Duration) error {
	s.data.Store(key, data)
	return nil
}

func (s *bytesStore) Clear(context.Context) error { s.data.Clear(); return nil }

func TestB152_AStoreOfBytesAnswersAlikeWithoutTheCodec(t *testing.T) {
	t.Parallel()
	outcome := weirtest.SameWithout(t, 3, func() (weir.Step[int, article], *weir.Config) {
		calls := 0
		write := weir.Func("write", func(_ context.Context, n int) (article, error) {
			calls++
			return articleOf(n*10 + calls), nil
		}).With(stepcache.For(time.Hour))
		again := weir.Func("again", func(_ context.Context, a article) (article, error) { return a, nil }).With(stepcache.For(time.Hour))
		return weir.Then3(write, again, again.Named("more")), &weir.Config{Cache: cache.Bytes{Store: &bytesStore{}}}
	})
	if !strings.Contains(outcome, "cache_hit") {
		t.Errorf("nothing was kept:\n%s", outcome)
	}
}

func TestPlansWithAndWithoutTheCodecShareAStore(t *testing.T) {
	t.Parallel()
	store, calls := &bytesStore{}, 0
	step := weir.Func("same", func(context.Context, int) (article, error) { calls++; return articleOf(calls), nil }).With(stepcache.For(time.Hour))
	for i, without := range [][]string{{"codec"}, nil, {"all"}, nil} {
		p := must(weir.Compile(step, &weir.Config{Cache: cache.Bytes{Store: store}, Without: without}))
		if got := must(p.Run(t.Context(), 1)); got.ID != 1 {
			t.Errorf("plan %d: made anew", i)
		}
	}
}
