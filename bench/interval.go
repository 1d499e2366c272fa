package bench

import (
	"math"
	"slices"
)

// Interval is a median and between which bounds it lies.
type Interval struct{ Median, Low, High float64 }

// Holds says that v lies in the interval, its bounds included.
func (i Interval) Holds(v float64) bool { return i.Low <= v && v <= i.High }

const (
	// confidence is that of the intervals in a report.
	confidence = 0.95
	// certainty is that of Significant. It is higher, because a table of differences has a hundred rows: of those where nothing is to be
	// found, 95 % would call five significant.
	certainty = 0.998
	// least is the difference that can be significant at all, as a fraction. Two plans compiled of one pipeline lie at different places in
	// memory, which makes differences of this order that are steady for as long as both live.
	least = 0.01
)

// medianInterval is the median of a sample and its interval of at least the given confidence, by order statistics: no more than each value
// being below the median with probability one half is assumed of what is measured (David and Nagaraja, "Order Statistics", 2003, 7.1). Of a sample
// that is too small for the confidence (below 6 for 95 %) the interval is everything: nothing is known.
func medianInterval(sample []float64, confidence float64) Interval {
	if len(sample) == 0 {
		return Interval{Low: math.Inf(-1), High: math.Inf(1)}
	}
	sorted := slices.Sorted(slices.Values(sample))
	n := len(sorted)
	i := Interval{Median: percentile(sorted, 0.5), Low: math.Inf(-1), High: math.Inf(1)}
	if k := cut(n, confidence); k > 0 {
		i.Low, i.High = sorted[k-1], sorted[n-k]
	}
	return i
}

// cut is the largest k for which the k-th smallest and the k-th largest of n values enclose the median with the confidence; 0: there is none.
func cut(n int, confidence float64) int {
	tail := (1 - confidence) / 2
	below := 0.0 // P(fewer than k of n lie below the median)
	for k := 1; k <= n/2; k++ {
		below += math.Exp(chooseLog(n, k-1) - float64(n)*math.Ln2)
		if below > tail {
			return k - 1
		}
	}
	return n / 2
}

// chooseLog is the logarithm of n over k.
func chooseLog(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// significant says that ratios of rounds are not those of equals, of which it is known that they can lie so far apart (a fraction).
func significant(ratios []float64, noise float64) bool {
	i := medianInterval(ratios, certainty)
	return !i.Holds(1) && math.Abs(i.Median-1) >= max(least, noise)
}

// finite is the interval with bounds that JSON can hold: where nothing is known they are the least and the largest of the sample.
func finite(i Interval, sample []float64) Interval {
	if len(sample) == 0 {
		return Interval{}
	}
	if math.IsInf(i.Low, 0) {
		i.Low = slices.Min(sample)
	}
	if math.IsInf(i.High, 0) {
		i.High = slices.Max(sample)
	}
	return i
}
