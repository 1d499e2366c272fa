package bench

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/weirflow/weir/cache"
)

// figures are those of a section that the Config selects.
func (c *Config) figures(s Section) []figure {
	var list []figure
	switch s {
	case Targets:
		list = targetFigures()
	case References:
		list = referenceFigures()
	case Plans:
		list = planFigures(c.Plans)
	case Components:
		list = componentFigures()
	case HitRates:
		list = hitRateFigures(c.Caches, c.Seed)
	case Scale:
		list = growthFigures(c.Large)
	case Ablations:
		list = ablationFigures(c.Optimisations, c.ablated())
	}
	if c.Workloads == nil {
		return list
	}
	return slices.DeleteFunc(list, func(f figure) bool { return !slices.Contains(c.Workloads, f.workload) })
}

// ablated are the workloads on which optimisations are dropped: the caller's plans, and the suite's where there are none or Workloads
// selects.
func (c *Config) ablated() []Workload {
	if len(c.Plans) > 0 && c.Workloads == nil {
		return c.Plans
	}
	return append(slices.Clip(c.Plans), ablated()...)
}

// hitRateFigures ask the default cache and those of the caller, by name.
func hitRateFigures(makers map[string]func(int) (cache.Backend, error), seed uint64) []figure {
	all := map[string]func(int) (cache.Backend, error){
		"lru": func(n int) (cache.Backend, error) { return cache.New(&cache.Config{Size: n}) },
	}
	maps.Copy(all, makers)
	var list []figure
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, q := range sequences() {
			list = append(list, HitRates.figure(q.name, name+" "+q.name, func(ctx context.Context, _ Options, r *Report) error {
				b, err := all[name](cacheEntries)
				if err != nil {
					return fmt.Errorf("bench: cache %s: %w", name, err)
				}
				rate, err := q.ask(ctx, b, seed)
				if err != nil {
					return fmt.Errorf("bench: cache %s: %s: %w", name, q.name, err)
				}
				rate.Cache = name
				r.HitRates = append(r.HitRates, rate)
				return nil
			}))
		}
	}
	return list
}

// Workloads gives the names of the workloads of sections in order, each once. No sections: of all.
func Workloads(sections ...Section) []string {
	if len(sections) == 0 {
		sections = Sections()
	}
	var names []string
	for _, s := range sections {
		for _, name := range s.workloads() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// workloads are the names of one section's.
func (s Section) workloads() []string {
	var names []string
	switch s {
	case Targets:
		for _, g := range goals() {
			names = append(names, g.name)
		}
		return append(names, scale)
	case References:
		for _, f := range references() {
			names = append(names, f.workload.name)
		}
		return append(names, parkedRuns)
	case Components:
		return namesOf(components())
	case HitRates:
		for _, q := range sequences() {
			names = append(names, q.name)
		}
		return names
	case Scale:
		return []string{speedup, contention, burden, blocked, footprint}
	case Ablations:
		return namesOf(ablated())
	}
	return nil
}

func namesOf(list []Workload) []string {
	names := make([]string, len(list))
	for i, w := range list {
		names[i] = w.name
	}
	return names
}
