package bench

import "context"

// The workloads of the section Scale.
const (
	speedup    = "speedup"    // runs on every core beside runs on one
	burden     = "load"       // 10,000 runs that wait for weir beside 1,000
	blocked    = "blocked"    // 10,000 runs that are blocked in a step beside 1,000
	footprint  = "footprint"  // the memory of a run, by how many there are
	contention = "contention" // what runs wait for that meet
)

// growthFigures measure how figures change with how much there is to do.
func growthFigures(large bool) []figure {
	of := func(name string, measure func(context.Context, Options, *Report) error) figure {
		return Scale.figure(name, name, measure)
	}
	held := func(ctx context.Context, o Options, r *Report) error {
		return measureFootprint(ctx, crowds(large), o, r)
	}
	return []figure{
		of(speedup, measureSpeedup), of(contention, measureContention), of(burden, measureLoad), of(blocked, measureBlocked), of(footprint, held),
	}
}

// trend gathers what the rounds of one side told: a figure where there is little to do, the same where there is much, and their ratio.
type trend struct{ from, to, ratios []float64 }

// add takes a round.
func (g *trend) add(from, to, ratio float64) {
	g.from, g.to, g.ratios = append(g.from, from), append(g.to, to), append(g.ratios, ratio)
}

// growth states what was found of weir and of plain Go. The bounds are of the ratio; zero is none.
func growth(ours, plain trend, g Growth) Growth {
	i, ref := finite(medianInterval(ours.ratios, confidence), ours.ratios), finite(medianInterval(plain.ratios, confidence), plain.ratios)
	g.From, g.To, g.Ratio, g.Low, g.High = Summarise(ours.from).P50, Summarise(ours.to).P50, i.Median, i.Low, i.High
	g.RefFrom, g.RefTo, g.RefRatio, g.RefLow, g.RefHigh = Summarise(plain.from).P50, Summarise(plain.to).P50, ref.Median, ref.Low, ref.High
	g.Rounds, g.Met = len(ours.ratios), g.Holds(g.Ratio)
	return g
}

// Holds says that a ratio, such as that of plain Go, is within the bounds.
func (g *Growth) Holds(ratio float64) bool {
	return ratio >= g.Least && (g.Most == 0 || ratio <= g.Most)
}
