package cache_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/cache"
	"github.com/weirflow/weir/step/each"
)

// A run says how often the cache answered, over all its steps and items, and the same when it was cut off and resumed.
func TestARunCountsWhatItsCacheFoundAndDidNot(t *testing.T) {
	t.Parallel()
	upper, calls := counted("upper", shout)
	broken := true
	join := weir.Func("join", func(_ context.Context, all []string) (string, error) {
		if broken {
			return "", weir.ErrCanceled // the run can be resumed
		}
		return strings.Join(all, ""), nil
	})
	store := journal.NewMemory()
	p := compile(t, weir.Then(each.Item("map", upper.With(cache.For(0)), each.Width(1)), join), &weir.Config{Journal: store})
	r, err := p.Execute(t.Context(), []string{"a", "b", "a", "a"}, weir.ID("r1"))
	if err == nil || r.Metrics.CacheHits != 2 || r.Metrics.CacheMisses != 2 || calls.Load() != 2 {
		t.Fatalf("%v; %d hits, %d misses, %d calls", err, r.Metrics.CacheHits, r.Metrics.CacheMisses, calls.Load())
	}
	if !errors.Is(err, weir.ErrCanceled) {
		t.Fatal(err)
	}
	broken = false
	run, err := p.Resume(t.Context(), "r1")
	if err != nil {
		t.Fatal(err)
	}
	r, err = run.Wait(t.Context())
	if err != nil || r.Output != "ABAA" || r.Metrics.CacheHits != 2 || r.Metrics.CacheMisses != 2 || calls.Load() != 2 {
		t.Errorf("%q, %v; %d hits, %d misses, %d calls", r.Output, err, r.Metrics.CacheHits, r.Metrics.CacheMisses, calls.Load())
	}
	again := execute(t, p, []string{"a", "c"})
	if again.Metrics.CacheHits != 1 || again.Metrics.CacheMisses != 1 {
		t.Errorf("another run: %+v", again.Metrics)
	}
}
