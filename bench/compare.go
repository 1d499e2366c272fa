package bench

import (
	"fmt"
	"strconv"
)

// DefaultThreshold is how much worse a figure must be to be a regression: 10 %.
const DefaultThreshold = 0.10

// Metric is what is compared of a figure.
type Metric string

const (
	// MetricRatio is the ratio of CPU times.
	MetricRatio Metric = "ratio"
	// MetricImprovement is that of a target.
	MetricImprovement Metric = "improvement"
	// MetricThroughput is runs a second.
	MetricThroughput Metric = "throughput"
	// MetricP99 is the time that 99 of a hundred runs do not exceed.
	MetricP99 Metric = "p99"
	// MetricHitRate is that of a cache.
	MetricHitRate Metric = "hit_rate"
	// MetricAllocs is how many allocations an operation makes.
	MetricAllocs Metric = "allocs"
	// MetricBytes is how many bytes it allocates, or how many a run holds.
	MetricBytes Metric = "bytes"
)

// Counted says that the metric does not depend on how fast or how busy the machine is.
func (m Metric) Counted() bool { return m == MetricAllocs || m == MetricBytes }

// Regression is a figure that is worse than it was.
type Regression struct {
	Section  Section `json:"section"`
	Workload string  `json:"workload"`
	// Metric is what got worse: one of the Metric constants.
	Metric Metric  `json:"metric"`
	Old    float64 `json:"old"`
	New    float64 `json:"new"`
	// Change is the worsening as a fraction of the old figure; where that was zero, 1. Of an improvement and a hit rate it is the difference.
	Change float64 `json:"change"`
}

// String is one line for people.
func (r Regression) String() string {
	return fmt.Sprintf("%s: %s: %s was %.4g, is %.4g (%.0f %% worse)", r.Section, r.Workload, r.Metric, r.Old, r.New, 100*r.Change)
}

// Compare gives what is worse in the newer report, in the order of the report. What stands in one report only is no regression.
//
// Times are compared as ratios against what ran beside them, never as nanoseconds, so reports of different machines can be compared. A ratio is
// worse when it is so by more than threshold (a fraction; 0 means DefaultThreshold) and its interval lies outside of the older one's. Of a target
// it is the improvement that is compared, and of a cache its hit rate: those may fall by as much as the threshold.
//
// What is counted has no spread, so the threshold is not for it: allocations may grow by 1 %, or a half where that is more; bytes by 2 %, or 64. The
// memory of runs that wait holds stacks, which the runtime sizes; it has the threshold.
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
	c.growths(older, newer)
	return c.found
}

// comparing gathers regressions.
type comparing struct {
	threshold float64
	found     []Regression
}

// How much what is counted may grow: the runtime's own goroutines allocate now and then, and who finds a pool empty depends on the scheduler.
const (
	leastAllocs, slackAllocs = 0.5, 0.01
	leastBytes, slackBytes   = 64, 0.02
)

// grown notes a figure that became more than it may.
func (c *comparing) grown(s Section, workload string, metric Metric, old, now, least, slack float64) {
	if now-old <= max(least, old*slack) {
		return
	}
	change := 1.0
	if old > 0 {
		change = now/old - 1
	}
	c.found = append(c.found, Regression{Section: s, Workload: workload, Metric: metric, Old: old, New: now, Change: change})
}

// counted compares what an operation allocates.
func (c *comparing) counted(s Section, workload string, oldAllocs, allocs, oldBytes, bytes float64) {
	slack := slackBytes
	if workload == parkedRuns || workload == scale { // of an older report, without parts
		slack = c.threshold
	}
	c.grown(s, workload, MetricAllocs, oldAllocs, allocs, leastAllocs, slackAllocs)
	c.grown(s, workload, MetricBytes, oldBytes, bytes, leastBytes, slack)
}

// fallen notes a fraction that became less than it may.
func (c *comparing) fallen(s Section, workload string, metric Metric, old, now float64) {
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
			c.fallen(Targets, t.Name, MetricImprovement, o.Improvement, t.Improvement)
		}
		if len(t.Parts) == 0 || len(o.Parts) == 0 {
			c.counted(Targets, t.Name, o.Allocs, t.Allocs, o.Bytes, t.Bytes)
			continue
		}
		c.parts(t.Name, o.Parts, t.Parts)
	}
}

// parts compares what the parts of a target take, each with its own: which of them is the worst may change.
func (c *comparing) parts(target string, older, newer []Part) {
	was := by(older, func(p Part) string { return p.Name })
	for _, p := range newer {
		if o, ok := was[p.Name]; ok {
			c.grown(Targets, target+" "+p.Name, MetricBytes, o.Optimised, p.Optimised, leastBytes, c.threshold)
		}
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
			c.grown(References, f.Workload, MetricRatio, o.Ratio, f.Ratio, 0, c.threshold)
		}
		c.counted(References, f.Workload, o.Allocs, f.Allocs, o.Bytes, f.Bytes)
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
			c.grown(s, x.Workload, MetricRatio, o.Ratio, x.Ratio, 0, c.threshold)
		}
		c.counted(s, x.Workload, o.On.Allocs, x.On.Allocs, o.On.Bytes, x.On.Bytes)
	}
}

func (c *comparing) hitRates(older, newer *Report) {
	name := func(h HitRate) string { return h.Cache + " " + h.Workload }
	was := by(older.HitRates, name)
	for _, h := range newer.HitRates {
		if o, ok := was[name(h)]; ok {
			c.fallen(HitRates, name(h), MetricHitRate, o.Rate, h.Rate)
		}
	}
}

// growths compares ratios, which are to become less or, of throughput, more. The bytes of a run are judged against the fewest of the same report.
func (c *comparing) growths(older, newer *Report) {
	name := func(g Growth) string {
		return g.Workload + " " + string(g.Metric) + " " + strconv.Itoa(g.At) + " " + g.Beside
	}
	was := by(older.Scale, name)
	for _, g := range newer.Scale {
		o, ok := was[name(g)]
		switch {
		case !ok:
		case g.Least > 0 && g.Most == 0 && g.High < o.Low:
			c.fallen(Scale, g.Workload, g.Metric, o.Ratio, g.Ratio)
		case g.Most > 0 && g.Low > o.High:
			c.grown(Scale, g.Workload, g.Metric, o.Ratio, g.Ratio, 0, c.threshold)
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
