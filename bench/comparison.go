package bench

import (
	"context"
	"fmt"
	"time"
)

// componentFigures measure parts by themselves, and planFigures the caller's plans: with every optimisation beside none.
func componentFigures() []figure {
	var list []figure
	for _, w := range components() {
		list = append(list, Components.figure(w.name, w.name, func(ctx context.Context, o Options, r *Report) error {
			c, err := compare(ctx, w, o)
			if err == nil {
				r.Components = append(r.Components, c)
			}
			return err
		}))
	}
	return list
}

func planFigures(own []Workload) []figure {
	var list []figure
	for _, w := range own {
		list = append(list, Plans.figure(w.name, w.name, func(ctx context.Context, o Options, r *Report) error {
			c, err := compare(ctx, w, o)
			if err == nil {
				r.Plans = append(r.Plans, c)
			}
			return err
		}))
	}
	return list
}

// compare measures a workload with every optimisation and with none: in rounds, and then single runs by the clock.
func compare(ctx context.Context, w Workload, o Options) (Comparison, error) {
	on, off, err := w.both(ctx, nil, all())
	if err != nil {
		return Comparison{}, err
	}
	defer on.end()
	defer off.end()
	o.Limit = o.Limit / 2
	p, err := Pair(ctx, on.run, off.run, o)
	if err != nil {
		return Comparison{}, fmt.Errorf("bench: %s: %w", w.name, err)
	}
	i := p.CPURatio()
	c := Comparison{
		Workload: w.name, Unit: w.unit, On: p.A.side(), Off: p.B.side(),
		Ratio: i.Median, Low: i.Low, High: i.High, Significant: p.Significant(), Rounds: p.Rounds,
	}
	if err := latencies(ctx, on.run, off.run, &c, o.Limit); err != nil {
		return Comparison{}, fmt.Errorf("bench: %s: %w", w.name, err)
	}
	return c, nil
}

// side is the part of a report that rounds tell.
func (m Measured) side() Side {
	return Side{Ns: m.CPU, Wall: m.Wall, Allocs: m.Allocs, Bytes: m.Bytes, GC: rounded(m.Cycles * 1e6)}
}

// most is how many single runs the percentiles are of, enough that some twenty lie above the 99th.
const most = 2000

// latencies takes single runs of both sides in turn by the clock, as many as the time allows. Reading the clock, some 60 ns, is part of each.
func latencies(ctx context.Context, on, off func(int) error, c *Comparison, limit time.Duration) error {
	var times [2][]float64
	begin := time.Now()
	for i := range most {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if i > 0 && limit > 0 && time.Since(begin) > limit {
			break
		}
		for k, run := range []func(int) error{on, off} {
			started := wallTime()
			if err := run(1); err != nil {
				return err
			}
			times[k] = append(times[k], float64(wallTime()-started))
		}
	}
	c.On.latency(Summarise(times[0]))
	c.Off.latency(Summarise(times[1]))
	return nil
}

// latency fills in the percentiles.
func (s *Side) latency(t Summary) { s.P50, s.P95, s.P99, s.Tail = t.P50, t.P95, t.P99, t.Tail }
