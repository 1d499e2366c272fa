package bench

import (
	"context"
	"math"
)

// ablated are the workloads on which each optimisation is dropped: all whose time is measured. One that does nothing there shows it.
func ablated() []Workload {
	list := []Workload{execution(), concurrent(), stated(), cacheHit(), cacheBytes(), started(), seq10(), seq10s(), par8(), loop100()}
	for i := range list {
		list[i].unit = "ns/run" // CPU time, also of what the targets measure in another unit
	}
	return list
}

// control is how far two equal plans of each workload lay apart in this invocation.
type control map[string]float64

// ablationFigures drop each optimisation on each workload, optimisation by optimisation. Before that each workload runs beside itself.
func ablationFigures(names []string, workloads []Workload) []figure {
	var list []figure
	beside := control{}
	for _, w := range workloads {
		list = append(list, Ablations.figure(w.name, w.name+" beside itself", beside.measure(w)))
	}
	for _, name := range names {
		for _, w := range workloads {
			list = append(list, Ablations.figure(w.name, w.name+" without "+name, beside.ablate(name, w)))
		}
	}
	return list
}

// measure measures a workload with every optimisation on both sides: whatever is found is no optimisation's.
func (c control) measure(w Workload) func(context.Context, Options, *Report) error {
	return func(ctx context.Context, o Options, r *Report) error {
		p, err := w.pair(ctx, nil, nil, o)
		if err == nil {
			c[w.name] = apart(p.CPURatio())
		}
		return err
	}
}

// apart is how far an interval of ratios reaches from 1.
func apart(i Interval) float64 { return max(math.Abs(i.Low-1), math.Abs(i.High-1)) }

// ablate measures a workload with every optimisation, and with all but one.
func (c control) ablate(name string, w Workload) func(context.Context, Options, *Report) error {
	return func(ctx context.Context, o Options, r *Report) error {
		p, err := w.pair(ctx, nil, []string{name}, o)
		if err != nil {
			return err
		}
		i, noise := p.CPURatio(), c[w.name]
		r.Ablation = append(r.Ablation, Ablation{
			Name: name, Workload: w.name, Unit: w.unit, On: p.A.CPU, Off: p.B.CPU,
			Gain: 1 - i.Median, Low: 1 - i.High, High: 1 - i.Low, Noise: noise, Significant: significant(p.CPU, noise), Rounds: p.Rounds,
			AllocsSaved: rounded(p.B.Allocs - p.A.Allocs), BytesSaved: rounded(p.B.Bytes - p.A.Bytes),
		})
		return nil
	}
}
