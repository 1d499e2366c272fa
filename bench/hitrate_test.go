package bench

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/weirflow/weir/cache"
)

func TestTheSameSeedGivesTheSameKeys(t *testing.T) {
	t.Parallel()
	for _, s := range sequences() {
		a, b, c := s.keys(rand.New(rand.NewPCG(1, 1))), s.keys(rand.New(rand.NewPCG(1, 1))), s.keys(rand.New(rand.NewPCG(2, 2)))
		if !slices.Equal(a, b) || slices.Equal(a, c) || len(a) != cacheAsked {
			t.Errorf("%s: the keys do not follow the seed", s.name)
		}
	}
}

func TestAScanIsAskedForOnce(t *testing.T) {
	t.Parallel()
	count := map[uint32]int{}
	for _, k := range zipfScan(rand.New(rand.NewPCG(1, 1))) {
		if k >= cacheKeys {
			count[k]++
		}
	}
	for k, n := range count {
		if n != 1 {
			t.Fatalf("key %d of the scan is asked for %d times", k, n)
		}
	}
	if len(count) != 16_000 {
		t.Errorf("the scans have %d keys", len(count))
	}
}

func TestTheBestCacheKnowsTheFuture(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		keys       []uint32
		size, hits int
	}{
		{nil, 2, 0},
		{[]uint32{1, 1, 1}, 1, 2},
		{[]uint32{1, 2, 3, 1, 2, 3}, 3, 3},
		{[]uint32{1, 2, 3, 1, 2, 3}, 2, 2},    // keeps 1 and 2, and lets 3 go at once; an LRU has none
		{[]uint32{1, 2, 1, 3, 1, 2, 1}, 1, 3}, // keeps 1
		{[]uint32{1, 2, 3, 4}, 2, 0},
	} {
		if got := bestHits(c.keys, c.size); got != c.hits {
			t.Errorf("%v with room for %d: %d hits, want %d", c.keys, c.size, got, c.hits)
		}
	}
}

func TestNoCacheBeatsTheBest(t *testing.T) {
	t.Parallel()
	for _, s := range sequences() {
		b, err := cache.New(&cache.Config{Size: cacheEntries})
		if err != nil {
			t.Fatal(err)
		}
		h, err := s.ask(t.Context(), b, 5)
		if err != nil || h.Rate > h.Best || h.Rate <= 0.3 {
			t.Errorf("%s: %+v, %v", s.name, h, err)
		}
	}
}

// broken is a cache that fails.
type broken struct{ cache.Nop }

var errBroken = errors.New("broken")

func (broken) Get(context.Context, string) (cache.Entry, bool, error) {
	return cache.Entry{}, false, errBroken
}

func TestACacheThatFailsIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := sequences()[0].ask(t.Context(), broken{}, 1); !errors.Is(err, errBroken) {
		t.Errorf("%v", err)
	}
}
