package main

import (
	"strings"

	"github.com/weirflow/weir/bench"
)

// allowance is what a reference workload may take. Zero: no limit, except for the fields that say so.
type allowance struct {
	ratio  float64
	ns     float64 // a run
	allocs float64 // a run; negative: no limit, so that zero is one
	bytes  float64 // a run
}

// standard is what a workload must keep and what it aims at.
type standard struct {
	must, aim allowance
}

const free = -1 // as many allocations as it likes

// standards gives the limits of docs/benchmarks.md. Times are of a whole run: ten steps, or a hundred rounds.
func standards(workload string) (standard, bool) {
	s, ok := map[string]standard{
		"seq10":      {allowance{ratio: 40, ns: 2000, allocs: 2, bytes: 1024}, allowance{ratio: 20, ns: 700, allocs: 1}},
		"seq10s":     {allowance{allocs: 22}, allowance{allocs: 11}}, // its steps make ten strings; the run is one; the rest is boxing
		"par8":       {allowance{ratio: 1.25, allocs: 12, bytes: 2048}, allowance{ratio: 1, allocs: free}},
		"loop100":    {allowance{ratio: 45, allocs: 4}, allowance{ratio: 25, allocs: free}},
		"concurrent": {allowance{ratio: 1.25, allocs: free}, allowance{ratio: 1.1, allocs: free}},
		"telemetry":  {allowance{ratio: 1.25, allocs: 1}, allowance{ratio: 1.25, allocs: 1}}, // the aim of 40 ns a step is less than the must of a quarter of one
		"inflight":   {allowance{allocs: free, bytes: 4096}, allowance{allocs: free, bytes: 3.3 * 1024}},
	}[workload]
	return s, ok
}

// text says the limits: ≤ 40 ×, 200 ns, 2 allocs.
func (a allowance) text() string {
	var parts []string
	if a.ratio > 0 {
		parts = append(parts, times(a.ratio))
	}
	if a.ns > 0 {
		parts = append(parts, nanoseconds(a.ns))
	}
	if a.allocs >= 0 {
		parts = append(parts, plural(int(a.allocs), "alloc"))
	}
	if a.bytes > 0 {
		parts = append(parts, byteCount(a.bytes))
	}
	return prefixed("≤ ", strings.Join(parts, ", "))
}

// breaches names the figures that are above the limits. Allocations and bytes may be half a one over: other goroutines allocate too.
func (a allowance) breaches(f bench.Figure) []string {
	var list []string
	for _, b := range []struct {
		over bool
		name string
	}{
		{a.ratio > 0 && f.Ratio > a.ratio, "ratio"},
		{a.ns > 0 && f.Ns > a.ns, "time"},
		{a.allocs >= 0 && f.Allocs > a.allocs+0.5, "allocs"},
		{a.bytes > 0 && f.Bytes > a.bytes+8, "bytes"},
	} {
		if b.over {
			list = append(list, b.name)
		}
	}
	return list
}

// share is how much of a limit is used, by the figure that the chart shows: the ratio, or what else is limited first.
func (s standard) share(f bench.Figure) (share, low, high, aim float64) {
	if s.must.ratio > 0 {
		return f.Ratio / s.must.ratio, f.Low / s.must.ratio, f.High / s.must.ratio, s.aim.ratio / s.must.ratio
	}
	if s.must.bytes > 0 {
		return f.Bytes / s.must.bytes, 0, 0, s.aim.bytes / s.must.bytes
	}
	return f.Allocs / s.must.allocs, 0, 0, s.aim.allocs / s.must.allocs
}

// verdict says how a figure stands to its limits.
func verdict(f bench.Figure) cell {
	s, ok := standards(f.Workload)
	if !ok {
		return cell{}
	}
	if list := s.must.breaches(f); len(list) > 0 {
		return cell{"✗ missed: " + strings.Join(list, ", "), red}
	}
	if len(s.aim.breaches(f)) > 0 {
		return cell{"✓ must", green}
	}
	return cell{"✓ aim", green}
}
