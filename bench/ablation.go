package bench

import (
	"context"
)

// ablated are the workloads on which each optimisation is dropped: all whose time is measured. One that does nothing there shows it.
func ablated() []Workload {
	list := []Workload{execution(), concurrent(), stated(), cacheHit(), cacheBytes(), seq10(), seq10s(), par8(), loop100()}
	for i := range list {
		list[i].unit = "ns/run" // CPU time, also of what the targets measure in another unit
	}
	return list
}

// ablationFigures drop each optimisation on each workload, optimisation by optimisation.
func ablationFigures(names []string, workloads []Workload) []figure {
	var list []figure
	for _, name := range names {
		for _, w := range workloads {
			list = append(list, Ablations.figure(w.name, w.name+" without "+name, ablate(name, w)))
		}
	}
	return list
}

// ablate measures a workload with every optimisation, and with all but one.
func ablate(name string, w Workload) func(context.Context, Options, *Report) error {
	return func(ctx context.Context, o Options, r *Report) error {
		p, err := w.pair(ctx, nil, []string{name}, o)
		if err != nil {
			return err
		}
		i := p.CPURatio()
		r.Ablation = append(r.Ablation, Ablation{
			Name: name, Workload: w.name, Unit: w.unit, On: p.A.CPU, Off: p.B.CPU,
			Gain: 1 - i.Median, Low: 1 - i.High, High: 1 - i.Low, Significant: p.Significant(),
			AllocsSaved: rounded(p.B.Allocs - p.A.Allocs), BytesSaved: rounded(p.B.Bytes - p.A.Bytes),
		})
		return nil
	}
}
