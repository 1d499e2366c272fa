package bench

import "fmt"

// DefaultThreshold is how much worse a figure must be to be a regression: 10 %.
const DefaultThreshold = 0.10

// Regression is a figure that is worse than it was.
type Regression struct {
	Section  Section `json:"section"`
	Workload string  `json:"workload"`
	// Metric is what got worse: "ratio", "improvement", "allocs", "bytes" or "hit_rate".
	Metric string  `json:"metric"`
	Old    float64 `json:"old"`
	New    float64 `json:"new"`
	// Change is the worsening as a fraction of the old figure; where that was zero, 1. Of an improvement and a hit rate it is the difference.
	Change float64 `json:"change"`
}

// String is one line for people.
func (r Regression) String() string {
	return fmt.Sprintf("%s: %s: %s was %.4g, is %.4g (%.0f %% worse)", r.Section, r.Workload, r.Metric, r.Old, r.New, 100*r.Change)
}

// Compare gives what is worse in the newer report by more than threshold (a fraction; 0 means DefaultThreshold), in the order of the report.
//
// Times are compared as ratios against what ran beside them, never as nanoseconds, so reports of different machines can be compared; such a
// ratio is worse only if its interval also lies outside of the older one's. Of a target it is the improvement that is compared, so one that
// gets worse by 0.1 has lost a tenth of the baseline. Allocations count from half a one on, bytes from 64 on. What stands in one report only is no
// regression.
func Compare(older, newer *Report, threshold float64) []Regression {
	if older == nil || newer == nil {
		return nil
	}
	if threshold <= 0 {
		threshold = DefaultThreshold
	}
	c := &comparing{threshold: threshold}
	c.targets(older, newer)
	c.references(older, newer)
	c.comparisons(Plans, older.Plans, newer.Plans)
	c.comparisons(Components, older.Components, newer.Components)
	c.hitRates(older, newer)
	return c.found
}

// comparing gathers regressions.
type comparing struct {
	threshold float64
	found     []Regression
}

// The smallest differences that count, whatever part of the old figure they are: what a background goroutine of the runtime does is less.
const (
	leastAllocs = 0.5
	leastBytes  = 64
)

// grown notes a figure that became more than it may.
func (c *comparing) grown(s Section, workload, metric string, old, now, least float64) {
	if now-old < least || now <= old*(1+c.threshold) {
		return
	}
	change := 1.0
	if old > 0 {
		change = now/old - 1
	}
	c.found = append(c.found, Regression{Section: s, Workload: workload, Metric: metric, Old: old, New: now, Change: change})
}

// fallen notes a fraction that became less than it may.
func (c *comparing) fallen(s Section, workload, metric string, old, now float64) {
	if old-now > c.threshold {
		c.found = append(c.found, Regression{Section: s, Workload: workload, Metric: metric, Old: old, New: now, Change: old - now})
	}
}

func (c *comparing) targets(older, newer *Report) {
	was := by(older.Targets, func(t Target) string { return t.Name })
	for _, t := range newer.Targets {
		o, ok := was[t.Name]
		if !ok {
			continue
		}
		if t.High < o.Low {
			c.fallen(Targets, t.Name, "improvement", o.Improvement, t.Improvement)
		}
		c.grown(Targets, t.Name, "allocs", o.Allocs, t.Allocs, leastAllocs)
		c.grown(Targets, t.Name, "bytes", o.Bytes, t.Bytes, leastBytes)
	}
}

func (c *comparing) references(older, newer *Report) {
	was := by(older.Reference, func(f Figure) string { return f.Workload })
	for _, f := range newer.Reference {
		o, ok := was[f.Workload]
		if !ok {
			continue
		}
		if f.Low > o.High {
			c.grown(References, f.Workload, "ratio", o.Ratio, f.Ratio, 0)
		}
		c.grown(References, f.Workload, "allocs", o.Allocs, f.Allocs, leastAllocs)
		c.grown(References, f.Workload, "bytes", o.Bytes, f.Bytes, leastBytes)
	}
}

func (c *comparing) comparisons(s Section, older, newer []Comparison) {
	was := by(older, func(x Comparison) string { return x.Workload })
	for _, x := range newer {
		o, ok := was[x.Workload]
		if !ok {
			continue
		}
		if x.Low > o.High {
			c.grown(s, x.Workload, "ratio", o.Ratio, x.Ratio, 0)
		}
		c.grown(s, x.Workload, "allocs", o.On.Allocs, x.On.Allocs, leastAllocs)
		c.grown(s, x.Workload, "bytes", o.On.Bytes, x.On.Bytes, leastBytes)
	}
}

func (c *comparing) hitRates(older, newer *Report) {
	name := func(h HitRate) string { return h.Cache + " " + h.Workload }
	was := by(older.HitRates, name)
	for _, h := range newer.HitRates {
		if o, ok := was[name(h)]; ok {
			c.fallen(HitRates, name(h), "hit_rate", o.Rate, h.Rate)
		}
	}
}

// by finds the figures of a report by their names.
func by[T any](list []T, name func(T) string) map[string]T {
	m := make(map[string]T, len(list))
	for _, v := range list {
		m[name(v)] = v
	}
	return m
}
