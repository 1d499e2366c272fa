package bench

import (
	"context"
	"time"

	"github.com/weirflow/weir/cache"
)

// Section is a part of a Report that a Suite can be asked for.
type Section string

const (
	// Targets are the six of the seed.
	Targets Section = "targets"
	// Ablations drop one optimisation after the other.
	Ablations Section = "ablation"
	// References are workloads beside plain Go.
	References Section = "reference"
	// Components are the parts of a plan by themselves: agents, processors, checks, plugins, hooks, journals, people.
	Components Section = "components"
	// HitRates ask caches for skewed, scanned and shifting keys.
	HitRates Section = "hit_rates"
)

// Sections gives every section in the order in which a Suite works through them.
func Sections() []Section { return []Section{Targets, References, Components, HitRates, Ablations} }

// Config says what a Suite measures and how long it may take. The zero value, and nil, mean the defaults.
type Config struct {
	// Sections to measure. Nil: Targets, References and Ablations; with Plans none but those.
	Sections []Section
	// Workloads limits every section to the workloads with these names (see Workloads). Nil: all. An unknown name is an error.
	Workloads []string
	// Optimisations are those that Ablations drops, one at a time. Nil: all of weir.Optimisations. An unknown name is an error.
	Optimisations []string
	// Plans are workloads of the caller, made by Plan: each is measured with every optimisation and with none, and stands among the
	// workloads of Ablations where that section is asked for.
	Plans []Workload
	// Caches are the backends that HitRates asks, by name, beside the default one. Each is filled from empty with 2,048 entries at the
	// most asked of the maker.
	Caches map[string]func(entries int) (cache.Backend, error)
	// Rounds is how many interleaved rounds a figure is the median of. 0: 31; at least 5.
	Rounds int
	// Window is about how much CPU time one side gets in a round. 0: 4 ms.
	Window time.Duration
	// Budget is how long Run may take in all. When it is short, figures are made of fewer rounds, and what does not fit is listed in
	// Report.Skipped. 0: 90 s.
	Budget time.Duration
	// Seed starts every random sequence. 0: 1.
	Seed uint64
	// Progress is told before each figure is measured, and once at the end. It is called from the goroutine of Run. Nil: nobody is.
	Progress func(Progress)
}

// Progress is how far a Suite has come.
type Progress struct {
	// Done of Total figures are measured; What is measured now ("ablation: state without cow"), empty at the end.
	Done, Total int
	What        string
	Elapsed     time.Duration
}

// Workload is something that can be measured with optimisations and without. Plan makes one of a caller's pipeline.
type Workload struct {
	name  string
	unit  string
	setup func(ctx context.Context, without []string) (*work, error)
}

// Plan makes a workload of a pipeline: compile is called with the names of the optimisations to drop (nil, "all", or one of
// weir.Optimisations) and gives a function that runs the plan once. An error of either ends the suite.
func Plan(name string, compile func(without []string) (run func(context.Context) error, err error)) Workload {
	return Workload{name: name, unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		run, err := compile(without)
		if err != nil {
			return nil, err
		}
		return &work{run: func(n int) error {
			for range n {
				if err := run(ctx); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}}
}

// work is a workload that is set up.
type work struct {
	run   func(n int) error
	close func()
}
