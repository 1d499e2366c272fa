package main

import (
	"math"

	"github.com/weirflow/weir/bench"
)

// chart is horizontal bars on one scale.
type chart struct {
	// from and to are the ends of the scale; what lies outside is cut and marked with an arrow.
	from, to float64
	// ticks are the numbers below the bars.
	ticks []tick
	bars  []bar
	// says is the chart in words, for readers who do not see it.
	says string
}

// tick is a place on the scale; a strong one is a line through all bars.
type tick struct {
	at     float64
	text   string
	strong bool
}

// bar is one figure. Its group is written above it where it changes.
type bar struct {
	group, label, value string
	// start and end are the bar, low and high its interval (none where both are zero), mark a goal of its own (none: NaN).
	start, end, low, high, mark float64
	colour                      string
}

// targetChart draws improvements as a share of what was asked for.
func targetChart(list []bench.Target) *chart {
	c := &chart{from: -1, to: 3, says: "Improvement of each target as a share of what was asked for",
		ticks: []tick{{-1, "−1", false}, {0, "none", true}, {1, "asked for", true}, {2, "2 ×", false}, {3, "3 ×", false}}}
	for _, t := range list {
		if t.Target == 0 {
			continue
		}
		c.bars = append(c.bars, bar{label: spaced(t.Name), value: signedPercent(t.Improvement) + " of " + signedPercent(t.Target),
			end: t.Improvement / t.Target, low: t.Low / t.Target, high: t.High / t.Target, mark: math.NaN(), colour: met(t.Met).colour})
	}
	return c
}

// referenceChart draws figures as a share of what they must keep.
func referenceChart(list []bench.Figure) *chart {
	c := &chart{from: 0, to: 1.5, says: "Each workload as a share of what it must keep, with a mark for what is aimed at",
		ticks: []tick{{0, "0", false}, {0.5, "half", false}, {1, "must", true}, {1.5, "1.5 ×", false}}}
	for _, f := range list {
		s, ok := standards(f.Workload)
		if !ok {
			continue
		}
		b := bar{label: f.Workload, value: times(f.Ratio) + " of " + times(s.must.ratio), colour: green}
		switch {
		case s.must.ratio > 0:
		case s.must.bytes > 0:
			b.value = byteCount(f.Bytes) + " of " + byteCount(s.must.bytes)
		default:
			b.value = digits(f.Allocs) + " of " + plural(int(s.must.allocs), "alloc")
		}
		b.end, b.low, b.high, b.mark = s.share(f)
		if b.end > 1 {
			b.colour = red
		}
		c.bars = append(c.bars, b)
	}
	return c
}

// comparisonChart draws what is left of the cost with optimisations.
func comparisonChart(list []bench.Comparison) *chart {
	c := &chart{from: 0, to: 1.5, says: "Cost with optimisations as a share of the cost without", ticks: []tick{{0, "0", false}, {0.5, "half", false}, {1, "without", true}, {1.5, "1.5 ×", false}}}
	for _, x := range list {
		b := bar{label: spaced(x.Workload), value: times(x.Ratio), end: x.Ratio, low: x.Low, high: x.High, mark: math.NaN(), colour: dim}
		switch {
		case x.Significant && x.Ratio < 1:
			b.colour = green
		case x.Significant:
			b.colour = red
		}
		c.bars = append(c.bars, b)
	}
	return c
}

// hitChart draws hit rates, with a mark for the best that there is.
func hitChart(list []bench.HitRate) *chart {
	c := &chart{from: 0, to: 1, says: "Hit rates, with a mark for the best that there is", ticks: []tick{{0, "0", false}, {0.5, "50 %", false}, {1, "100 %", false}}}
	for _, h := range list {
		c.bars = append(c.bars, bar{group: h.Workload + ", " + grouped(h.Entries) + " entries", label: h.Cache, value: digits(100*h.Rate) + " %", end: h.Rate, mark: h.Best, colour: green})
	}
	return c
}

// ablationChart draws what each optimisation saves on each workload.
func ablationChart(list []bench.Ablation) *chart {
	c := &chart{from: -0.25, to: 1, says: "What each optimisation alone saves, by workload",
		ticks: []tick{{-0.25, "−25 %", false}, {0, "0", true}, {0.25, "25 %", false}, {0.5, "50 %", false}, {0.75, "75 %", false}, {1, "100 %", false}}}
	for _, a := range list {
		c.bars = append(c.bars, bar{group: "without " + a.Name, label: spaced(a.Workload), value: signedPercent(a.Gain), end: a.Gain, low: a.Low, high: a.High, mark: math.NaN(), colour: gained(a).colour})
	}
	return c
}
