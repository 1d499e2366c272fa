package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirflow/weir/bench"
)

// writeReport writes the tables of a report; a part that was not measured is left out.
func writeReport(p *page, r *bench.Report) {
	p.text(0, "", 0, machineFacts(r))
	if r.Machine.Load > 1 {
		p.text(0, "", 0, fmt.Sprintf("The load was %s when it began: others use this machine too, and intervals are wider for it.", digits(r.Machine.Load)))
	}
	for _, part := range reportParts(r) {
		if len(part.table.rows) == 0 {
			continue
		}
		p.line()
		p.line(p.paint(bold, part.title))
		part.table.write(p, 2)
		for _, n := range part.notes {
			p.text(2, "", 0, n)
		}
	}
	writeSkipped(p, r)
}

// reportPart is a part of a report: as a table and as a chart.
type reportPart struct {
	title string
	table *table
	chart func() *chart
	notes []string
}

// reportParts are the parts in the order in which they are shown; the tables of those that were not measured are empty.
func reportParts(r *bench.Report) []reportPart {
	return []reportPart{
		{"Your pipeline, with optimisations and without", comparisonTable(r.Plans), func() *chart { return comparisonChart(r.Plans) }, []string{tailNote, ratioNote}},
		{"Targets: without any optimisation, and with all", targetTable(r.Targets), func() *chart { return targetChart(r.Targets) },
			[]string{"Figures are of one run; the interval is that of the improvement, 95 %. A target is met or missed by the figure itself."}},
		{"References: weir beside plain Go that does the same", referenceTable(r.Reference), func() *chart { return referenceChart(r.Reference) },
			[]string{"The ratio is weir's CPU time, for inflight its memory, over that of plain Go, of concurrent, telemetry and events over that of weir's own seq10, with its 95 % interval."}},
		{"Parts by themselves, with optimisations and without", comparisonTable(r.Components), func() *chart { return comparisonChart(r.Components) }, []string{tailNote, ratioNote}},
		{"Hit rates of caches", hitTable(r.HitRates), func() *chart { return hitChart(r.HitRates) }, []string{"Best is what a cache that knew the future would reach."}},
		{"Scale: what becomes of figures when there is more to do", growthTable(r.Scale), func() *chart { return growthChart(r.Scale) }, []string{scaleNote}},
		{"Contention: what runs wait for that meet", contentionTable(r.Contention), func() *chart { return contentionChart(r.Contention) }, nonEmpty(contentionNote(r.Contention))},
		{"Ablation: what each optimisation alone saves", ablationTable(r.Ablation), func() *chart { return ablationChart(r.Ablation) },
			[]string{"* outside of what chance makes of equal figures, and more than two equal plans differed by; all others may be noise. Negative: it costs more than it saves."}},
	}
}

// machineFacts says where and when a report was made.
func machineFacts(r *bench.Report) string {
	m := r.Machine
	facts := nonEmpty(m.CPU, plural(m.Cores, "core"), m.OS+"/"+m.Arch, m.Go, m.Date, prefixed("revision ", m.Revision[:min(12, len(m.Revision))]), fmt.Sprintf("measured in %.0f s", r.Seconds))
	return strings.Join(facts, ", ")
}

const (
	tailNote  = "Times are CPU time of one operation; p99 is by the clock."
	scaleNote = "The ratio is to over from, and that of plain Go which does the same. speedup: from is one core times their number, or one goroutine whose collector has the other cores. load: runs that were started and wait for the permit of a limit; " +
		"blocked: those that are blocked in a step of their own; from is 1,000 in flight, p99 the time of a run beyond what it waits for its turn. footprint: from is the fewest runs."
	ratioNote = "The ratio is with over without: below 1 the optimisations help. Equal: 1 lies in its 95 % interval."
)

func writeSkipped(p *page, r *bench.Report) {
	if len(r.Skipped) > 0 {
		p.line()
		p.text(0, "", 0, fmt.Sprintf("No time was left for %s; give more --seconds: %s.", plural(len(r.Skipped), "figure"), strings.Join(r.Skipped, ", ")))
	}
}

func targetTable(list []bench.Target) *table {
	t := &table{head: []string{"target", "", "baseline", "optimised", "improved", "asked for", "interval"}, left: map[int]bool{1: true}}
	for _, x := range list {
		row := plainCells(spaced(x.Name), "", amount(x.Baseline, x.Unit), amount(x.Optimised, x.Unit), signedPercent(x.Improvement),
			signedPercent(x.Target), interval(x.Low, x.High))
		row[1] = met(x.Met)
		row[4].colour = row[1].colour
		t.rows = append(t.rows, row)
		for _, part := range x.Parts {
			t.rows = append(t.rows, plainCells("· "+spaced(part.Name), "", amount(part.Baseline, x.Unit), amount(part.Optimised, x.Unit), signedPercent(part.Improvement), "", ""))
		}
	}
	return t
}

func met(yes bool) cell {
	if yes {
		return cell{"✓ met", green}
	}
	return cell{"✗ missed", red}
}

func referenceTable(list []bench.Figure) *table {
	t := &table{head: []string{"workload", "", "weir", "plain Go", "ratio", "interval", "allocs", "bytes", "must", "aim"}, left: map[int]bool{1: true, 8: true, 9: true}}
	for _, f := range list {
		s, _ := standards(f.Workload)
		must, aim := s.must.text(), s.aim.text()
		if s == (standard{}) {
			must, aim = "", ""
		}
		row := plainCells(f.Workload, "", timed(f.Ns), timed(f.RefNs), times(f.Ratio), between(f.Low, f.High), digits(f.Allocs), byteCount(f.Bytes), must, aim)
		row[1] = verdict(f)
		row[4].colour = row[1].colour
		t.rows = append(t.rows, row)
	}
	return t
}

// timed writes a time; none was measured where it is zero.
func timed(ns float64) string {
	if ns == 0 {
		return ""
	}
	return nanoseconds(ns)
}

func comparisonTable(list []bench.Comparison) *table {
	t := &table{head: []string{"workload", "", "without", "with", "ratio", "interval", "allocs", "bytes", "p99"}, left: map[int]bool{1: true}}
	for _, c := range list {
		row := plainCells(c.Workload, "", nanoseconds(c.Off.Ns), nanoseconds(c.On.Ns), times(c.Ratio), between(c.Low, c.High),
			fromTo(c.Off.Allocs, c.On.Allocs, digits), fromTo(c.Off.Bytes, c.On.Bytes, byteCount), fromTo(c.Off.P99, c.On.P99, timed))
		row[1] = cell{"equal", dim}
		switch {
		case c.Significant && c.Ratio < 1:
			row[1] = cell{"faster", green}
		case c.Significant:
			row[1] = cell{"slower", red}
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func fromTo(a, b float64, write func(float64) string) string {
	if x, y := write(a), write(b); x != y {
		return x + " → " + y
	}
	return write(a)
}

func hitTable(list []bench.HitRate) *table {
	t := &table{head: []string{"cache", "keys", "entries", "hits", "best"}, left: map[int]bool{1: true}}
	for _, h := range list {
		t.rows = append(t.rows, plainCells(h.Cache, h.Workload, grouped(h.Entries), digits(100*h.Rate)+" %", digits(100*h.Best)+" %"))
	}
	return t
}

// ablationTable has a row for each workload and a column for each optimisation, after that of equal plans.
func ablationTable(list []bench.Ablation) *table {
	t := &table{head: []string{"workload", "equal plans"}}
	rows, columns := map[string]int{}, map[string]int{}
	for _, a := range list {
		if columns[a.Name] == 0 {
			columns[a.Name] = len(t.head)
			t.head = append(t.head, a.Name+" ")
		}
		if _, ok := rows[a.Workload]; !ok {
			rows[a.Workload] = len(t.rows)
			t.rows = append(t.rows, []cell{{a.Workload, ""}, {apart(a.Noise), dim}})
		}
	}
	for i := range t.rows {
		t.rows[i] = append(t.rows[i], slices.Repeat([]cell{{"· ", dim}}, len(t.head)-2)...)
	}
	for _, a := range list {
		t.rows[rows[a.Workload]][columns[a.Name]] = gained(a)
	}
	return t
}

// apart is how far two equal plans lay apart; "·" where that was not measured.
func apart(noise float64) string {
	if noise == 0 {
		return "·"
	}
	return "±" + digits(100*noise) + " %"
}

// gained is what an optimisation saves, with a star where that is no chance.
func gained(a bench.Ablation) cell {
	switch {
	case !a.Significant:
		return cell{signedPercent(a.Gain) + " ", dim}
	case a.Gain > 0:
		return cell{signedPercent(a.Gain) + "*", green}
	}
	return cell{signedPercent(a.Gain) + "*", red}
}
