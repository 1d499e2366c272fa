package main

import "strconv"

// column is one of a table.
type column struct {
	head string
	cell func(figure) string
}

// columnsOf gives what a workload has figures for.
func columnsOf(workload string) []column {
	engine := column{"engine", func(f figure) string { return f.Engine }}
	cpu := column{"CPU ns/run", func(f figure) string { return short(f.CPU) }}
	xref := column{"× ref", func(f figure) string { return short(f.XRef) }}
	xweir := column{"× weir", func(f figure) string { return short(f.XWeir) }}
	allocs := column{"allocs/run", func(f figure) string { return short(f.Allocs) }}
	bytes := column{"B/run", func(f figure) string { return short(f.Bytes) }}
	switch workload {
	case "inflight":
		return []column{engine, bytes, xref, xweir, {"goroutines/run", func(f figure) string { return short(f.Goroutines) }}}
	case "concurrent":
		return []column{engine, cpu, xref, xweir, {"× alone", func(f figure) string { return short(f.XAlone) }},
			{"runs/s", func(f figure) string { return short(f.RunsPerSecond) }}, allocs, bytes}
	}
	return []column{engine, cpu, xref, xweir, allocs, bytes}
}

// short prints a figure with no more digits than can be trusted: below 100 with decimals, from 1,000 with commas.
func short(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 10:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case v < 100:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
