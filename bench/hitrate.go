package bench

import (
	"context"
	"math/rand/v2"
	"strconv"

	"github.com/weirflow/weir/cache"
)

// The size of the hit-rate workloads: a cache that holds a sixteenth of what is asked for.
const (
	cacheEntries = 1024
	cacheKeys    = 16 * cacheEntries
	cacheAsked   = 100_000
)

// sequence is keys in the order in which they are asked for.
type sequence struct {
	name string
	keys func(r *rand.Rand) []uint32
}

// sequences are the three that separate caches: what is popular, what is popular among what is asked for once, and a popularity that moves.
func sequences() []sequence {
	return []sequence{{"zipf", zipf}, {"zipf_scan", zipfScan}, {"shifting", shifting}}
}

// zipf asks for the k-th most popular key with a probability of about 1/k.
func zipf(r *rand.Rand) []uint32 {
	z := rand.NewZipf(r, 1.01, 1, cacheKeys-1)
	out := make([]uint32, cacheAsked)
	for i := range out {
		out[i] = uint32(z.Uint64())
	}
	return out
}

// zipfScan is zipf, but that after every 10,000 keys 2,000 come that are never asked for again.
func zipfScan(r *rand.Rand) []uint32 {
	z := rand.NewZipf(r, 1.01, 1, cacheKeys-1)
	out := make([]uint32, cacheAsked)
	next := uint32(cacheKeys)
	for i := range out {
		if i%12_000 >= 10_000 {
			out[i], next = next, next+1
			continue
		}
		out[i] = uint32(z.Uint64())
	}
	return out
}

// shifting is zipf, but that after every 20,000 keys others are popular.
func shifting(r *rand.Rand) []uint32 {
	out := zipf(r)
	for i := range out {
		out[i] = (out[i] + uint32(i/20_000)*cacheKeys/5) % cacheKeys
	}
	return out
}

// ask is how well an empty backend of 1,024 entries does. The same seed gives the same keys.
func (s sequence) ask(ctx context.Context, b cache.Backend, seed uint64) (HitRate, error) {
	keys := s.keys(rand.New(rand.NewPCG(seed, seed)))
	hits, err := hitsOf(ctx, b, keys)
	return HitRate{
		Workload: s.name, Entries: cacheEntries, Asked: len(keys),
		Rate: float64(hits) / float64(len(keys)), Best: float64(bestHits(keys, cacheEntries)) / float64(len(keys)),
	}, err
}

// hitsOf asks a cache for keys, puts what it does not have, as layer/cache does, and counts how often it had one.
func hitsOf(ctx context.Context, b cache.Backend, keys []uint32) (hits int, err error) {
	for i, k := range keys {
		if i%1024 == 0 && ctx.Err() != nil {
			return hits, context.Cause(ctx)
		}
		key := strconv.Itoa(int(k))
		_, ok, err := b.Get(ctx, key)
		if err != nil {
			return hits, err
		}
		if ok {
			hits++
			continue
		}
		if err := b.Put(ctx, key, cache.Entry{Output: int(k)}, 0); err != nil {
			return hits, err
		}
	}
	return hits, nil
}
