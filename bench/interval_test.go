package bench

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestTheIntervalOfAMedianIsThatOfTheTables(t *testing.T) {
	t.Parallel()
	// Of n values the k-th from each end, for 95 %: the tables of the sign test.
	for n, k := range map[int]int{5: 0, 6: 1, 8: 1, 9: 2, 20: 6, 31: 10, 50: 18, 100: 40} {
		if got := cut(n, 0.95); got != k {
			t.Errorf("of %d values the %d-th from each end, not the %d-th", n, k, got)
		}
	}
}

func TestTooFewValuesTellNothing(t *testing.T) {
	t.Parallel()
	for _, sample := range [][]float64{nil, {0.1}, {0.1, 0.1, 0.1, 0.1, 0.1}} {
		if i := medianInterval(sample, confidence); !math.IsInf(i.Low, -1) || !math.IsInf(i.High, 1) {
			t.Errorf("of %v: %v", sample, i)
		}
		if significant(sample, 0) {
			t.Errorf("%v is called significant", sample)
		}
	}
}

func TestBoundsInAReportAreFinite(t *testing.T) {
	t.Parallel()
	sample := []float64{3, 1, 2}
	if i := finite(medianInterval(sample, confidence), sample); i != (Interval{2, 1, 3}) {
		t.Errorf("of 3, 1, 2: %v", i)
	}
	if i := finite(medianInterval(nil, confidence), nil); i != (Interval{}) {
		t.Errorf("of nothing: %v", i)
	}
}

func TestTheIntervalHoldsTheMedianAsOftenAsItSays(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	const trials = 4000
	held := 0
	for range trials {
		sample := make([]float64, 31)
		for i := range sample {
			sample[i] = math.Exp(r.NormFloat64()) // skewed, as times are; its median is 1
		}
		if medianInterval(sample, confidence).Holds(1) {
			held++
		}
	}
	if share := float64(held) / trials; share < 0.95 || share > 0.98 {
		t.Errorf("the interval of 95 %% held the median in %.1f %% of the trials", 100*share)
	}
}

func TestEqualsAreSeldomCalledSignificantAndDifferencesAre(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	const trials = 2000
	ratios := func(middle float64) []float64 {
		sample := make([]float64, DefaultRounds)
		for i := range sample {
			sample[i] = middle * math.Exp(0.1*r.NormFloat64())
		}
		return sample
	}
	wrong, right := 0, 0
	for range trials {
		if significant(ratios(1), 0) {
			wrong++
		}
		if significant(ratios(0.8), 0) {
			right++
		}
	}
	if wrong > trials/200 {
		t.Errorf("%d of %d equals are called significant", wrong, trials)
	}
	if right < trials*99/100 {
		t.Errorf("only %d of %d differences of 20 %% are called significant", right, trials)
	}
}

func TestADifferenceBelowOneInAHundredIsNoneHoweverSteady(t *testing.T) {
	t.Parallel()
	sample := make([]float64, 100)
	for i := range sample {
		sample[i] = 0.995
	}
	if significant(sample, 0) {
		t.Error("half a percent is called significant")
	}
}

func TestADifferenceThatEqualPlansHaveTooIsNone(t *testing.T) {
	t.Parallel()
	sample := make([]float64, 100)
	for i := range sample {
		sample[i] = 0.9
	}
	if significant(sample, 0.2) {
		t.Error("10 % is called significant where equals lie 20 % apart")
	}
	if !significant(sample, 0.05) {
		t.Error("10 % is not called significant where equals lie 5 % apart")
	}
}
