package bench

import (
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
	// Scale is how figures change with the number of cores and of runs in flight, and what runs wait for that meet.
	Scale Section = "scale"
	// Plans are the caller's, Config.Plans.
	Plans Section = "plans"
)

// Sections gives every section in the order in which a Suite works through them.
func Sections() []Section {
	return []Section{Targets, References, Plans, Components, HitRates, Scale, Ablations}
}

// Config says what a Suite measures and how long it may take. The zero value, and nil, mean the defaults.
type Config struct {
	// Sections to measure, in the order of the function Sections. Nil: Targets, References and Ablations, or with Plans that section alone.
	Sections []Section
	// Workloads limits every section to the workloads with these names (see Workloads). Nil: all. An unknown name is an error.
	Workloads []string
	// Optimisations are those that Ablations drops, one at a time. Nil: all of weir.Optimisations. An unknown name is an error.
	Optimisations []string
	// Plans are workloads of the caller, made by the function Plan. Each is measured with every optimisation and with none, and is among the
	// workloads of Ablations; with Plans these are the only ones there unless Workloads names others.
	Plans []Workload
	// Caches make what HitRates asks beside the default one, by name: empty backends that hold so many entries.
	Caches map[string]func(entries int) (cache.Backend, error)
	// Rounds is how many interleaved rounds a figure is the median of. 0: DefaultRounds. With fewer than 7 little is ever significant.
	Rounds int
	// Window is about how much CPU time one side gets in a round. 0: DefaultWindow.
	Window time.Duration
	// Budget is how long Run may take in all. When it is short, figures are made of fewer rounds, and what does not fit is listed in
	// Report.Skipped. 0: DefaultBudget.
	Budget time.Duration
	// Large lets Scale hold a million runs at a time as well, which takes some 3 GB and is refused where 6 are not free.
	Large bool
	// Seed starts every random sequence. 0: 1.
	Seed uint64
	// Progress is told before each figure is measured, and once at the end. It is called from the goroutine of Run. Nil: nobody is.
	Progress func(Progress)
}

// DefaultBudget is how long a Suite may take.
const DefaultBudget = 90 * time.Second

// Progress is how far a Suite has come.
type Progress struct {
	// Done of Total figures are measured; What is measured now ("ablation: state without cow"), empty at the end.
	Done, Total int
	What        string
	Elapsed     time.Duration
}
