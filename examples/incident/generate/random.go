package main

import (
	"math/bits"
	"math/rand/v2"
	"time"
)

// random makes choices. It uses nothing of package rand but the generator, whose algorithm (PCG-DXSM) is documented: the
// methods that make numbers of its bits may change with a release, and the log with them.
type random struct{ source *rand.PCG }

func newRandom(seed uint64) *random { return &random{rand.NewPCG(seed, 0x77656972)} }

// below gives a number from 0 to n-1: the high word of a product, whose bias is below 1 in 2^40 for the n that are used.
func (r *random) below(n int) int {
	high, _ := bits.Mul64(r.source.Uint64(), uint64(n))
	return int(high)
}

// between gives a number from low to high, both included.
func (r *random) between(low, high int) int { return low + r.below(high-low+1) }

// permille is true n times in a thousand.
func (r *random) permille(n int) bool { return r.below(1000) < n }

// seconds gives a time span.
func (r *random) seconds(low, high int) time.Duration {
	return time.Duration(r.between(low, high)) * time.Second
}

// pick gives one of a list.
func pick[T any](r *random, list []T) T { return list[r.below(len(list))] }

// weighted gives an index, each as often as its weight says.
func (r *random) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := r.below(sum)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	return len(weights) - 1
}
