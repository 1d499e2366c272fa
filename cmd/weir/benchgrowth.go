package main

import (
	"fmt"
	"math"

	"github.com/weirflow/weir/bench"
)

// growthTable tells what becomes of figures when there is more to do.
func growthTable(list []bench.Growth) *table {
	t := &table{head: []string{"workload", "", "from", "to", "ratio", "interval", "plain Go", "interval", "asked for"}, left: map[int]bool{1: true}}
	for _, g := range list {
		row := plainCells(growthName(g), "", amount(g.From, g.Unit), amount(g.To, g.Unit), times(g.Ratio), between(g.Low, g.High), times(g.RefRatio), between(g.RefLow, g.RefHigh), growthBounds(g))
		row[1] = growthVerdict(g)
		row[4].colour = row[1].colour
		t.rows = append(t.rows, row)
	}
	return t
}

// growthName names a figure: load p99 at 10,000 runs.
func growthName(g bench.Growth) string {
	name, at := g.Workload, " at "+grouped(g.At)+" runs"
	switch g.Workload {
	case "speedup":
		at = " on " + plural(g.At, "core") + " by " + g.Beside
	case "load", "blocked":
		name += " " + string(g.Metric)
		if g.Beside != "" {
			at += " " + g.Beside
		}
	}
	return name + at
}

// growthBounds says what was asked for.
func growthBounds(g bench.Growth) string {
	switch {
	case g.Least > 0 && g.Most > 0:
		return digits(g.Least) + " to " + times(g.Most)
	case g.Least > 0:
		return "≥ " + times(g.Least)
	case g.Most > 0:
		return "≤ " + times(g.Most)
	}
	return ""
}

// growthVerdict says whether it was reached. Where plain Go does not reach it either the machine or Go's runtime is in the way.
func growthVerdict(g bench.Growth) cell {
	switch plain := g; {
	case g.Least == 0 && g.Most == 0:
		return cell{}
	case g.Met:
		return met(true)
	case !plain.Holds(g.RefRatio):
		return cell{"✗ missed, by plain Go too", red}
	}
	return met(false)
}

// growthChart draws the ratios, with those of plain Go as marks.
func growthChart(list []bench.Growth) *chart {
	c := &chart{from: 0, to: 2, says: "Each figure with more to do as a share of that with less, with a mark for plain Go",
		ticks: []tick{{0, "0", false}, {0.5, "half", false}, {1, "the same", true}, {1.5, "1.5 ×", false}, {2, "2 ×", false}}}
	for _, g := range list {
		b := bar{label: growthName(g), value: fmt.Sprintf("%s, plain Go %s", times(g.Ratio), times(g.RefRatio)), end: g.Ratio, low: g.Low, high: g.High, mark: g.RefRatio, colour: dim}
		if g.Least+g.Most > 0 {
			b.colour = met(g.Met).colour
		}
		c.bars = append(c.bars, b)
	}
	return c
}

// contentionChart draws what part of all waits each function of weir has, with a mark for what a lock may have.
func contentionChart(c *bench.Contention) *chart {
	x := &chart{from: 0, to: 1, says: "Share of all waits, by function of weir", ticks: []tick{{0, "0", false}, {0.5, "50 %", false}, {1, "100 %", false}}}
	if c == nil {
		return x
	}
	for _, w := range c.Block.Weir[:min(8, len(c.Block.Weir))] {
		b := bar{label: w.Function, value: percentOf(w.Share, 1) + ", " + nanoseconds(w.Ns), end: w.Share, mark: math.NaN(), colour: dim}
		if w.Lock {
			b.mark = c.Most
		}
		x.bars = append(x.bars, b)
	}
	return x
}
