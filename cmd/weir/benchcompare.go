package main

import (
	"fmt"
	"slices"

	"github.com/weirflow/weir/bench"
)

// regressed says how many figures are worse than in the saved report.
type regressed struct {
	worse int
	file  string
}

func (e *regressed) Error() string {
	return plural(e.worse, "figure") + " got worse against " + e.file
}

// compare says what moved. Beside JSON on standard output it is said on standard error.
func (c *benchCommand) compare(t terminal, older, newer *bench.Report) error {
	both, gone := shared(older, newer)
	if both == 0 {
		return wrongUsage("--compare: no figure of %s was measured now; measure the same parts and workloads", c.Compare)
	}
	out := t.out
	if c.JSON {
		out = t.err
	}
	p := newPage(out)
	worse := writeMoves(p, c, older, newer, both, gone)
	if _, err := p.b.WriteTo(out); err != nil {
		return err
	}
	if worse > 0 {
		return &regressed{worse, c.Compare}
	}
	return nil
}

// writeMoves writes what got worse and what got better, and gives the number of the former.
func writeMoves(p *page, c *benchCommand, older, newer *bench.Report, both, gone int) int {
	threshold := float64(c.Threshold)
	if threshold == 0 {
		threshold = 1e-9 // to Compare, zero is its default
	}
	worse, better := bench.Compare(older, newer, threshold), bench.Compare(newer, older, threshold)
	t := &table{head: []string{"part", "workload", "figure", "was", "is", "", ""}, left: map[int]bool{1: true, 2: true, 6: true}}
	for _, r := range worse {
		t.rows = append(t.rows, moved(r, r.Old, r.New, cell{"✗ worse", red}))
	}
	for _, r := range better { // seen from the newer report the older one is the worse
		t.rows = append(t.rows, moved(r, r.New, r.Old, cell{"✓ better", green}))
	}
	p.line()
	p.line(p.paint(bold, "Against "+c.Compare+", "+older.Machine.Date))
	if older.Machine.CPU != newer.Machine.CPU || older.Machine.Cores != newer.Machine.Cores {
		p.text(2, "", 0, "It was measured on another machine: "+older.Machine.CPU+", "+plural(older.Machine.Cores, "core")+".")
	}
	if len(t.rows) > 0 {
		t.write(p, 2)
	}
	text := fmt.Sprintf("%s compared; %d got worse and %d better: ratios and improvements by more than %s %%, allocations and bytes by more than chance.", plural(both, "figure"), len(worse), len(better), digits(100*float64(c.Threshold)))
	if gone > 0 {
		text += " Not measured now: " + plural(gone, "figure") + " of the saved report."
	}
	p.text(2, "", 0, text)
	return len(worse)
}

// moved is the row of a figure that changed.
func moved(r bench.Regression, was, is float64, mark cell) []cell {
	change := "–"
	if was != 0 {
		change = signedPercent((is - was) / abs(was))
	}
	write := digits
	switch r.Metric {
	case bench.MetricImprovement:
		write, change = signedPercent, signedPercent(is-was)+"-points"
	case bench.MetricHitRate:
		write = func(v float64) string { return digits(100*v) + " %" }
	case bench.MetricRatio, bench.MetricThroughput, bench.MetricP99:
		write = times
	case bench.MetricBytes:
		write = byteCount
	}
	return append(plainCells(spaced(string(r.Section)), spaced(r.Workload), spaced(string(r.Metric)), write(was), write(is), change), mark)
}

func abs(v float64) float64 { return max(v, -v) }

// shared counts the figures of the older report that the newer one has too, and those that it lacks.
func shared(older, newer *bench.Report) (both, gone int) {
	now := figures(newer)
	for name := range figures(older) {
		if now[name] {
			both++
		} else {
			gone++
		}
	}
	return both, gone
}

// figures names the figures of a report that are compared. What single optimisations buy is not: where it is lost, a target shows it.
func figures(r *bench.Report) map[string]bool {
	names := map[string]bool{}
	for _, t := range r.Targets {
		names["target "+t.Name] = true
	}
	for _, f := range r.Reference {
		names["reference "+f.Workload] = true
	}
	for _, c := range slices.Concat(r.Plans, r.Components) {
		names["comparison "+c.Workload] = true
	}
	for _, h := range r.HitRates {
		names["hits "+h.Workload+" of "+h.Cache] = true
	}
	for _, g := range r.Scale {
		names["scale "+growthName(g)] = true
	}
	return names
}
