package bench

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/weirflow/weir"
)

// mistakes are all that is wrong with a Config.
func (c *Config) mistakes() error {
	var errs []error
	unknown := func(what string, name any, known string) {
		errs = append(errs, fmt.Errorf("bench: there is no %s %q; there are %s", what, name, known))
	}
	for _, s := range c.Sections {
		if !slices.Contains(Sections(), s) {
			unknown("section", s, fmt.Sprint(Sections()))
		}
	}
	known := append(Workloads(), namesOf(c.Plans)...)
	for _, name := range c.Workloads {
		if !slices.Contains(known, name) {
			unknown("workload", name, strings.Join(known, ", "))
		}
	}
	for _, name := range c.Optimisations {
		if !slices.Contains(weir.Optimisations(), name) {
			unknown("optimisation", name, strings.Join(weir.Optimisations(), ", "))
		}
	}
	for i, w := range c.Plans {
		if w.name == "" || w.setup == nil {
			errs = append(errs, fmt.Errorf("bench: plan %d has no name or nothing to run; make it with Plan", i))
		}
	}
	if c.Rounds < 0 || c.Window < 0 || c.Budget < 0 {
		errs = append(errs, errors.New("bench: Rounds, Window and Budget may not be negative"))
	}
	if c.Large {
		errs = append(errs, c.large())
	}
	return errors.Join(errs...)
}

// large says why a million runs cannot be held at a time.
func (c *Config) large() error {
	if !slices.Contains(c.Sections, Scale) {
		return errors.New("bench: Large is for the section scale")
	}
	free, known := freeMemory()
	return room(largest, free, known)
}

// complete fills in the defaults.
func (c *Config) complete() {
	if c.Sections == nil {
		c.Sections = []Section{Targets, References, Ablations}
		if len(c.Plans) > 0 {
			c.Sections = []Section{Plans}
		}
	}
	if c.Rounds == 0 {
		c.Rounds = DefaultRounds
	}
	if c.Window == 0 {
		c.Window = DefaultWindow
	}
	if c.Budget == 0 {
		c.Budget = DefaultBudget
	}
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.Optimisations == nil {
		c.Optimisations = weir.Optimisations()
	}
	c.Workloads, c.Optimisations = slices.Clone(c.Workloads), slices.Clone(c.Optimisations)
	c.Plans, c.Caches = slices.Clone(c.Plans), maps.Clone(c.Caches)
}
