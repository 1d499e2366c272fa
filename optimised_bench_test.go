package weir_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/hash"
	stepcache "github.com/weirflow/weir/layer/cache"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/weirtest"
)

// article is an input of about 1 KB.
type article struct {
	ID    int
	Title string
	Tags  []string
	Body  string
	Score float64
	Draft bool
	Links map[string]any
}

func articleOf(id int) article {
	return article{ID: id, Title: "On keys", Tags: []string{"a", "b"}, Body: strings.Repeat("x", 900), Score: 0.5, Links: map[string]any{"next": 1, "prev": "p"}}
}

// inputs are what the benchmarks of keys and hits are run on.
var inputs = map[string]any{
	"16B": strings.Repeat("x", 16), "1KB": strings.Repeat("x", 1024), "struct1KB": articleOf(1),
	"map": map[string]any{"a": 1, "b": "x", "c": []any{1.5, true}, "d": map[string]any{"e": nil}},
}

// found is a plan of one step whose result is kept.
func found(without ...string) *weir.Plan[any, string] {
	step := weir.Func("same", func(context.Context, any) (string, error) { return "answer", nil })
	return must(weir.Compile(step.With(stepcache.For(time.Hour)), &weir.Config{Without: without}))
}

// BenchmarkCacheHit is a run whose result is found: key, lookup, copy and the run itself. The reference is the same without the
// optimisations of the cache.
func BenchmarkCacheHit(b *testing.B) {
	for name, in := range inputs {
		b.Run(name, func(b *testing.B) {
			compare(b, runs(b.Context(), found(), in), runs(b.Context(), found("key", "lookup"), in))
		})
	}
}

// BenchmarkKey is the making of a key; first is that of one that was not made before. The reference is the plain twin.
func BenchmarkKey(b *testing.B) {
	keys := func(key func(any) (string, error), err error) func(any) func(int) {
		return func(in any) func(int) {
			return func(n int) {
				for range n {
					must(key(in))
				}
			}
		}
	}
	plain := keys(hash.Plain(nil, "same:", "step"))
	for name, in := range inputs {
		b.Run(name, func(b *testing.B) { compare(b, keys(new(hash.Keys).At(nil, "same:", "step"))(in), plain(in)) })
	}
	b.Run("first", func(b *testing.B) {
		i := 0
		anew := func(key func(any) (string, error), _ error) func(int) {
			return func(n int) {
				for range n {
					i++
					must(key(articleOf(i)))
				}
			}
		}
		compare(b, anew(new(hash.Keys).At(nil, "same:", "step")), anew(hash.Plain(nil, "same:", "step")))
	})
}

// BenchmarkLookup is a cache in memory that is asked by one goroutine and by many, and one that is full. The reference is the LRU.
func BenchmarkLookup(b *testing.B) {
	names := make([]string, 4096)
	for i := range names {
		names[i] = fmt.Sprintf("step:%064d", i)
	}
	hits := func(c cache.Backend, goroutines int) func(int) {
		for _, name := range names[:1024] {
			_ = c.Put(b.Context(), name, cache.Entry{Output: "answer"}, time.Hour)
		}
		return func(n int) {
			var wg sync.WaitGroup
			for g := range goroutines {
				wg.Go(func() {
					for i := range n / goroutines {
						_, _, _ = c.Get(b.Context(), names[(i*7+g*331)%1024])
					}
				})
			}
			wg.Wait()
		}
	}
	puts := func(c cache.Backend) func(int) {
		return func(n int) {
			for i := range n {
				_ = c.Put(b.Context(), names[i%4096], cache.Entry{Output: "answer"}, time.Hour)
			}
		}
	}
	for _, goroutines := range []int{1, 8} {
		b.Run(fmt.Sprint("hits", goroutines), func(b *testing.B) {
			compare(b, hits(must(cache.NewLazy(nil)), goroutines), hits(must(cache.New(nil)), goroutines))
		})
	}
	b.Run("full", func(b *testing.B) { compare(b, puts(must(cache.NewLazy(nil))), puts(must(cache.New(nil)))) })
}

// BenchmarkFlights is a flight that nobody else asks for, begun and ended by one goroutine and by 256 that do so side by side. The reference is
// the map with a lock.
func BenchmarkFlights(b *testing.B) {
	names := make([]string, 4096)
	for i := range names {
		names[i] = fmt.Sprintf("step:%064d", i)
	}
	flights := func(f *cache.Flights, goroutines int) func(int) {
		return func(n int) {
			var wg sync.WaitGroup
			for g := range goroutines {
				wg.Go(func() {
					for i := range n / goroutines {
						lead, _, _, _ := f.Join(b.Context(), names[(g*16+i%16)%4096])
						lead.End(nil, false)
					}
				})
			}
			wg.Wait()
		}
	}
	for _, goroutines := range []int{1, 256} {
		b.Run(strconv.Itoa(goroutines), func(b *testing.B) {
			compare(b, flights(cache.NewFlightTable().Flights(), goroutines), flights(cache.LockedFlights(), goroutines))
		})
	}
}

// BenchmarkLimiter is a permit that is free, by one goroutine and by two. The reference is the channel.
func BenchmarkLimiter(b *testing.B) {
	permits := func(l limit.Limiter, goroutines int) func(int) {
		return func(n int) {
			var wg sync.WaitGroup
			for range goroutines {
				wg.Go(func() {
					for range n / goroutines {
						if l.Acquire(b.Context()) == nil {
							l.Release()
						}
					}
				})
			}
			wg.Wait()
		}
	}
	for _, goroutines := range []int{1, 2} {
		b.Run(fmt.Sprint(goroutines), func(b *testing.B) {
			compare(b, permits(limit.Fast(10), goroutines), permits(limit.Channel(10), goroutines))
		})
	}
}

func TestAllocOfAHitIsThatOfTheRun(t *testing.T) {
	p := found()
	for name, in := range inputs {
		must(p.Run(t.Context(), in))
		if n := testing.AllocsPerRun(200, func() { must(p.Run(t.Context(), in)) }); n > 1 {
			t.Errorf("%s: %v allocations, want that of the run", name, n)
		}
	}
}

func TestB152_CachesAndLimitsAnswerAlikeWithoutTheirOptimisations(t *testing.T) {
	t.Parallel()
	outcome := weirtest.SameWithout(t, 3, func() (weir.Step[int, article], *weir.Config) {
		calls := 0
		write := weir.Func("write", func(_ context.Context, n int) (article, error) {
			calls++
			return articleOf(n*10 + calls), nil
		}).With(stepcache.For(time.Hour), limit.At(2))
		again := weir.Func("again", func(ctx context.Context, a article) (article, error) {
			a.Links["next"] = a.ID // it is a copy
			return a, nil
		}).With(stepcache.For(time.Hour))
		return weir.Then3(write, again, again.Named("more")), nil
	})
	if !strings.Contains(outcome, "cache_hit") {
		t.Errorf("nothing was kept:\n%s", outcome)
	}
}

func TestPlansWithAndWithoutTheOptimisationsShareResults(t *testing.T) {
	t.Parallel()
	for name, in := range inputs {
		shared := must(cache.New(nil))
		calls := 0
		step := weir.Func("same", func(context.Context, any) (int, error) { calls++; return calls, nil }).With(stepcache.For(time.Hour))
		for i, without := range [][]string{nil, {"all"}, {"key"}, {"lookup"}} {
			p := must(weir.Compile(step, &weir.Config{Cache: shared, Without: without}))
			if got := must(p.Run(t.Context(), in)); got != 1 {
				t.Errorf("%s, plan %d: made anew", name, i)
			}
		}
	}
}
