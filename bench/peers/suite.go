package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// suite is what to measure and for how long.
type suite struct {
	only    []string // workloads; none means all
	rounds  int
	window  time.Duration
	flights int
	// say tells what is going on.
	say func(format string, args ...any)
}

// names are the workloads in the order in which they run. In flight is first: what a goroutine's stack takes depends on what ran before.
func names() []string { return []string{"inflight", "seq10", "par8", "loop100", "concurrent"} }

// run measures the workloads with these engines, weir first, and gives a table for each.
func (s suite) run(ctx context.Context, list []engine) ([]table, error) {
	var tables []table
	for _, name := range names() {
		if len(s.only) > 0 && !slices.Contains(s.only, name) {
			continue
		}
		s.say("%s ...", name)
		t, err := s.one(ctx, name, list)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, nil
}

func (s suite) one(ctx context.Context, name string, list []engine) (table, error) {
	switch name {
	case "inflight":
		figures, err := inFlight(ctx, list, s.flights, 3)
		return table{name, fmt.Sprintf("%d runs that wait in the fifth of ten steps; the reference is a goroutine that waits", s.flights), figures}, err
	case "concurrent":
		figures, err := s.concurrent(ctx, list)
		return table{name, "seq10 on all cores at once; × alone is CPU a run against the same on one core", figures}, err
	}
	for _, w := range []workload{sequential(), forking(), looping()} {
		if w.name == name {
			figures, err := s.alone(ctx, w, list)
			return table{name, w.says, figures}, err
		}
	}
	return table{}, fmt.Errorf("no workload is called %s; there are: %v", name, names())
}

// alone measures one run at a time.
func (s suite) alone(ctx context.Context, w workload, list []engine) ([]figure, error) {
	all, err := contenders(ctx, w, list)
	if err != nil {
		return nil, err
	}
	samples, err := measure(ctx, all, s.rounds, s.window)
	if err != nil {
		return nil, fmt.Errorf("%s of %w", w.name, err)
	}
	return compared(w.name, all, samples), nil
}

// concurrent measures seq10 on all cores, and in the same rounds on one.
func (s suite) concurrent(ctx context.Context, list []engine) ([]figure, error) {
	all, err := contenders(ctx, sequential(), list)
	if err != nil {
		return nil, err
	}
	both := slices.Clone(all)
	for i := range both {
		both[i].work = onAllCores(all[i].work)
	}
	samples, err := measure(ctx, append(both, all...), s.rounds, s.window)
	if err != nil {
		return nil, fmt.Errorf("concurrent of %w", err)
	}
	figures := compared("concurrent", all, samples[:len(all)])
	for i := range figures {
		figures[i].XAlone = ratio(samples[i].cpu, samples[len(all)+i].cpu)
		figures[i].RunsPerSecond = float64(time.Second) / median(samples[i].wall)
	}
	return figures, nil
}

// compared makes figures of samples; the reference is the first, weir the second.
func compared(workload string, all []contender, samples []sample) []figure {
	figures := make([]figure, len(all))
	for i, c := range all {
		figures[i] = figure{
			Workload: workload, Engine: c.name, CPU: median(samples[i].cpu),
			XRef: ratio(samples[i].cpu, samples[0].cpu), XWeir: ratio(samples[i].cpu, samples[1].cpu),
			Allocs: samples[i].allocs, Bytes: samples[i].bytes,
		}
	}
	return figures
}
