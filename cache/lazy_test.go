package cache_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/plan"
)

// inMemory is what LRU and Lazy have in common.
type inMemory interface {
	cache.Backend
	Delete(key string)
	Stats() cache.Stats
}

func lazy(t testing.TB, c *cache.Config) *cache.Lazy {
	t.Helper()
	l, err := cache.NewLazy(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// play does to both caches what bytes say, and fails where they differ.
func play(t *testing.T, size int, ops []byte) {
	t.Helper()
	now := &clock{at: time.Unix(1000, 0)}
	config := &cache.Config{Size: size, TTL: 7 * time.Second, Now: now.now}
	plain, quick := inMemory(lru(t, config)), inMemory(lazy(t, config))
	ctx := t.Context()
	for i := 0; i+1 < len(ops); i += 2 {
		key := fmt.Sprint(ops[i+1])
		switch op := ops[i] % 16; op {
		case 0, 1, 2, 3, 4, 5:
			e := cache.Entry{Output: i}
			if op == 5 {
				e = cache.Entry{Output: []int{i}, Notes: map[string]any{"a": i}}
			}
			ttl := []time.Duration{0, time.Second, cache.OwnTTL, 0, math.MaxInt64, 5 * time.Second}[op]
			if err := errors.Join(plain.Put(ctx, key, e, ttl), quick.Put(ctx, key, e, ttl)); err != nil {
				t.Fatal(err)
			}
		case 6:
			now.pass(time.Duration(ops[i+1]%4) * time.Second)
		case 7:
			plain.Delete(key)
			quick.Delete(key)
		case 8:
			if ops[i+1] == 0 {
				plain.Clear(ctx)
				quick.Clear(ctx)
			}
		default:
			want, found, _ := plain.Get(ctx, key)
			got, ok, _ := quick.Get(ctx, key)
			if ok != found || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("size %d, op %d: get %s gives %v, %v; the twin %v, %v", size, i/2, key, got, ok, want, found)
			}
		}
		if a, b := plain.Stats(), quick.Stats(); a != b {
			t.Fatalf("size %d, op %d: %+v; the twin %+v", size, i/2, b, a)
		}
	}
}

func FuzzLazy(f *testing.F) {
	f.Add(2, []byte{0, 1, 0, 2, 9, 1, 0, 3, 9, 2, 9, 1, 9, 3})
	f.Add(1, []byte{1, 1, 6, 1, 9, 1, 4, 4, 7, 4})
	f.Fuzz(func(t *testing.T, size int, ops []byte) {
		if size > 0 && size < 1000 {
			play(t, size, ops)
		}
	})
}

func TestB135_LazyKeepsAndDropsWhatTheTwinDoes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 300 {
		ops := make([]byte, 1200)
		for i := range ops {
			ops[i] = byte(r.Uint32())
		}
		play(t, []int{1, 2, 3, 7, 63, 64, 65, 120, 200, 300}[round%10], ops)
	}
}

func TestB013_MistakesOfTheConfigOfALazyAreThoseOfAnLRU(t *testing.T) {
	t.Parallel()
	_, err := cache.NewLazy(&cache.Config{Size: -1, TTL: -1})
	_, want := cache.New(&cache.Config{Size: -1, TTL: -1})
	if plan.CodeOf(err) != plan.CodeConfig || err.Error() != want.Error() {
		t.Errorf("error %v", err)
	}
}

func TestB137_ALazyGivesAndKeepsCopies(t *testing.T) {
	t.Parallel()
	l := lazy(t, nil)
	out := []any{map[string]any{"a": 1}}
	notes := map[string]any{"warnings": []string{"x"}}
	if err := l.Put(t.Context(), "k", cache.Entry{Output: out, Notes: notes}, 0); err != nil {
		t.Fatal(err)
	}
	out[0], notes["warnings"] = nil, nil
	for range 3 {
		e, _, _ := l.Get(t.Context(), "k")
		if got := fmt.Sprint(e); got != fmt.Sprint(cache.Entry{Output: []any{map[string]any{"a": 1}}, Notes: map[string]any{"warnings": []string{"x"}}}) {
			t.Fatal(got)
		}
		e.Output.([]any)[0].(map[string]any)["a"] = 2
		e.Notes["warnings"].([]string)[0] = "y"
		e.Notes["more"] = 1
	}
	put(t, l, "open", make(chan int), 0)
	if get(t, l, "open") != "miss" {
		t.Error("a channel was kept")
	}
}

// Under load the bound holds, an entry is its key's, and what was put last and not dropped is there.
func TestALazyUnderLoad(t *testing.T) {
	t.Parallel()
	l := lazy(t, &cache.Config{Size: 100, TTL: time.Minute})
	ctx := context.Background()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 1))
			for range 5000 {
				n := r.IntN(300)
				key := fmt.Sprint(n)
				switch r.IntN(8) {
				case 0:
					l.Delete(key)
				case 1, 2:
					_ = l.Put(ctx, key, cache.Entry{Output: n}, []time.Duration{0, 1, time.Hour}[r.IntN(3)])
				case 3:
					if s := l.Stats(); s.Size > 100 {
						t.Errorf("%d entries", s.Size)
					}
				default:
					if e, ok, _ := l.Get(ctx, key); ok && e.Output != n {
						t.Errorf("%s has %v", key, e.Output)
					}
				}
			}
		})
	}
	wg.Wait()
	for i := range 100 {
		put(t, l, fmt.Sprint("new", i), i, 0)
	}
	for i := range 100 {
		if got := get(t, l, fmt.Sprint("new", i)); got != i {
			t.Fatalf("new%d is %v", i, got)
		}
	}
}

func TestAllocOfAHitIsNothingWhereNothingNeedsACopy(t *testing.T) {
	l := lazy(t, nil)
	put(t, l, "k", struct{ A, B string }{"a", "b"}, time.Hour)
	ctx := t.Context()
	if n := testing.AllocsPerRun(200, func() { _, _, _ = l.Get(ctx, "k") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// workloads are sequences of keys: the hit rates of both caches on them are the same, entry by entry.
func TestHitRatesAreThoseOfTheTwin(t *testing.T) {
	t.Parallel()
	const size, requests = 200, 40_000
	for name, next := range map[string]func(r *rand.Rand, z *rand.Zipf, i int) uint64{
		"zipf 1.1": func(_ *rand.Rand, z *rand.Zipf, _ int) uint64 { return z.Uint64() },
		"zipf with scan": func(_ *rand.Rand, z *rand.Zipf, i int) uint64 {
			return []uint64{z.Uint64(), uint64(1_000_000 + i)}[min(1, i/500%4/3)]
		},
		"shifting": func(_ *rand.Rand, z *rand.Zipf, i int) uint64 { return z.Uint64() + uint64(i/4000)*50 },
		"uniform":  func(r *rand.Rand, _ *rand.Zipf, _ int) uint64 { return r.Uint64N(2 * size) },
	} {
		var rates []float64
		for _, c := range []inMemory{lru(t, &cache.Config{Size: size}), lazy(t, &cache.Config{Size: size})} {
			r := rand.New(rand.NewPCG(7, 7))
			z := rand.NewZipf(r, 1.1, 1, 20_000)
			for i := range requests {
				key := fmt.Sprint(next(r, z, i))
				if _, ok, _ := c.Get(t.Context(), key); !ok {
					put(t, c, key, i, 0)
				}
			}
			rates = append(rates, float64(c.Stats().Hits)/requests)
		}
		t.Logf("%s: %.1f %%", name, 100*rates[0])
		if slices.Min(rates) != slices.Max(rates) {
			t.Errorf("%s: %v", name, rates)
		}
	}
}
