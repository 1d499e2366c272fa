package bench

import (
	"math"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestPercentilesAreInterpolatedBetweenTheClosestRanks(t *testing.T) {
	t.Parallel()
	sample := make([]float64, 100)
	for i := range sample {
		sample[i] = float64(100 - i) // the order of a sample does not matter
	}
	s := Summarise(sample)
	if !near(s.P50, 50.5) || !near(s.P95, 95.05) || !near(s.P99, 99.01) {
		t.Errorf("of 1 to 100: p50 %v, p95 %v, p99 %v; want 50.5, 95.05, 99.01", s.P50, s.P95, s.P99)
	}
	if !near(s.Mean, 50.5) || s.Min != 1 || s.Max != 100 || s.N != 100 || !near(s.Tail, 99.01/50.5) {
		t.Errorf("of 1 to 100: %+v", s)
	}
	if sample[0] != 100 {
		t.Error("the sample was changed")
	}
}

func TestOneValueIsItsOwnPercentiles(t *testing.T) {
	t.Parallel()
	if s := Summarise([]float64{7}); s != (Summary{N: 1, Mean: 7, Min: 7, Max: 7, P50: 7, P95: 7, P99: 7, Tail: 1}) {
		t.Errorf("%+v", s)
	}
}

func TestAnEmptySampleIsAllZero(t *testing.T) {
	t.Parallel()
	if s := Summarise(nil); s != (Summary{}) {
		t.Errorf("%+v", s)
	}
}

func TestATailOverNothingIsNoInfinity(t *testing.T) {
	t.Parallel()
	if s := Summarise([]float64{0, 0, 0, 5}); s.Tail != 0 {
		t.Errorf("p99 over a p50 of 0 is %v", s.Tail)
	}
}
