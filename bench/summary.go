package bench

import (
	"math"
	"slices"
)

// Summary describes a sample. That of an empty sample is all zero.
type Summary struct {
	N                   int
	Mean, Min, Max      float64
	P50, P95, P99, Tail float64 // Tail is P99/P50, 0 where P50 is
}

// Summarise describes a sample, which it does not change. It takes memory for a copy.
func Summarise(sample []float64) Summary {
	if len(sample) == 0 {
		return Summary{}
	}
	sorted := slices.Sorted(slices.Values(sample))
	s := Summary{
		N: len(sorted), Min: sorted[0], Max: sorted[len(sorted)-1],
		P50: percentile(sorted, 0.50), P95: percentile(sorted, 0.95), P99: percentile(sorted, 0.99),
	}
	for i, v := range sorted {
		s.Mean += (v - s.Mean) / float64(i+1) // so that large values do not overflow a sum
	}
	if s.P50 != 0 {
		s.Tail = s.P99 / s.P50
	}
	return s
}

// percentile is the p-th quantile, p from 0 to 1, of a sorted sample: linear interpolation between the closest ranks, the first of which is
// 0 and the last 1 (method 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996). An empty sample gives 0.
func percentile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := p * float64(len(sorted)-1)
	below := int(math.Floor(at))
	if below+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[below] + (at-float64(below))*(sorted[below+1]-sorted[below])
}
