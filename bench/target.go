package bench

import (
	"context"
	"fmt"
)

// goal is a target of the seed (seed-design.md, "Performance Targets"): a workload, what of it is to improve, and by how much.
type goal struct {
	name     string
	workload Workload
	unit     string
	// by is the improvement asked for.
	by float64
	// of gives the two figures, optimised and baseline, and the ratio of what is to become less.
	of func(*Paired) (on, off float64, ratio Interval)
	// counted says that the figure does not vary, so that few rounds tell it.
	counted bool
	// more says that the figure is to become more, such as runs a second.
	more bool
}

// goals are the targets that pairs of the same work tell.
func goals() []goal {
	cpu := func(p *Paired) (float64, float64, Interval) { return p.A.CPU, p.B.CPU, p.CPURatio() }
	bytes := func(p *Paired) (float64, float64, Interval) {
		r := ratio(p.A.Bytes, p.B.Bytes)
		return p.A.Bytes, p.B.Bytes, Interval{r, r, r} // it is counted, so it has no spread
	}
	rate := func(p *Paired) (float64, float64, Interval) { return 1e9 / p.A.Wall, 1e9 / p.B.Wall, p.WallRatio() }
	return []goal{
		{name: "step_execution", workload: execution(), unit: "ns/run", by: 0.20, of: cpu},
		{name: "memory", workload: execution(), unit: "B/run", by: 0.30, of: bytes, counted: true},
		{name: "concurrent", workload: concurrent(), unit: "runs/s", by: 0.50, of: rate, more: true},
		{name: "context", workload: stated(), unit: "ns/run", by: 0.40, of: cpu},
		{name: "cache_hit", workload: cacheHit(), unit: "ns/run", by: 0.25, of: cpu},
	}
}

// scale is the name of the target that is not a pair of the same work.
const scale = "concurrent_scale"

// targetFigures measure the targets.
func targetFigures() []figure {
	var list []figure
	for _, g := range goals() {
		list = append(list, Targets.figure(g.name, g.name, g.measure))
	}
	return append(list, Targets.figure(scale, scale, measureScale))
}

// measure compares the plan with every optimisation and with none.
func (g goal) measure(ctx context.Context, o Options, r *Report) error {
	if g.counted {
		o.Rounds, o.Most = min(o.Rounds, leastRounds), 0
	}
	p, err := g.workload.pair(ctx, nil, all(), o)
	if err != nil {
		return err
	}
	on, off, ratio := g.of(p)
	r.Targets = append(r.Targets, g.target(p, on, off, ratio))
	return nil
}

// target states what was found.
func (g goal) target(p *Paired, on, off float64, ratio Interval) Target {
	better := func(r float64) float64 { return 1 - r }
	if g.more {
		better = func(r float64) float64 { return 1/r - 1 }
	}
	t := Target{
		Name: g.name, Unit: g.unit, Baseline: off, Optimised: on, Improvement: better(ratio.Median), Target: g.by,
		Low: better(ratio.High), High: better(ratio.Low), Rounds: p.Rounds, Allocs: p.A.Allocs, Bytes: p.A.Bytes,
		BaseAllocs: p.B.Allocs, BaseBytes: p.B.Bytes,
	}
	t.Met = t.Improvement >= t.Target
	return t
}

// scaleTarget is that a run which waits takes a tenth of what a goroutine takes that runs it: ten times as many fit.
const scaleTarget = 0.90

// measureScale compares runs that were started and wait with the same runs without optimisations, each of which has a goroutine, for each sort
// of waiting. The target is that of the sort with the least improvement.
func measureScale(ctx context.Context, _ Options, r *Report) error {
	t := Target{Name: scale, Unit: "B/run", Target: scaleTarget, Rounds: 1}
	for _, w := range waits() {
		on, goroutines, err := w.parked(ctx)
		if err != nil {
			return fmt.Errorf("bench: %s: %s: %w", scale, w.name, err)
		}
		off, _, err := w.standing(ctx)
		if err != nil {
			return fmt.Errorf("bench: %s: %s: %w", scale, w.name, err)
		}
		part := Part{Name: w.name, Baseline: off, Optimised: on, Improvement: 1 - on/off, Goroutines: goroutines}
		if len(t.Parts) == 0 || part.Improvement < t.Improvement {
			t.Baseline, t.Optimised, t.Improvement, t.Bytes, t.BaseBytes = off, on, part.Improvement, on, off
			t.Low, t.High = part.Improvement, part.Improvement
		}
		t.Parts = append(t.Parts, part)
	}
	t.Met = t.Improvement >= t.Target
	r.Targets = append(r.Targets, t)
	return nil
}
