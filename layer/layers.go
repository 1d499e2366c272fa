// Package layer has the one order in which layers stand round a step when nobody wrote another. Each folder below it is
// one layer; package layertest is the suite that every layer passes.
//
// In Go the order of With is as written, outermost first. Blueprints, and what Compile adds by itself, use the order here.
package layer

import (
	"slices"

	"github.com/weirflow/weir/plan"
)

// order has the name of every layer, outermost first.
//
// What stands before retry happens once a step, what stands after it once an attempt. Record is outermost of those that
// work, so that a step read back from the journal is not run again. Trace and hook see everything that can still fail the step.
// Persist is outside all that can fail the step, for it writes the failure down. Failure comes after hook: its handlers are called
// when all that could mend the step has not, and hooks see what they made of it.
// Update and sink write a step's output into the run's state: they stand outside retry, because only what the step
// returned in the end may reach the state, and outside cache, because a hit is written as well; inside record, because what they
// wrote belongs to the step. Update stands outside sink, so that it comes second: when it fails, the step fails, and the
// engine drops what sink wrote. Writes stands beside them and does nothing at run time. Allowance is a step's own budget: it holds
// for all attempts together, and a cached answer needs none of it, whereas budget sets aside what one attempt is expected to use.
// The rest goes inward in the order in which a call is made; what comes back meets it the other way round, so output processors come
// before plugins, and those before validators.
var order = []string{
	"record", "persist", "trace", "hook", "failure", "policy", "writes", "update", "sink", "cache", "input", "prompt",
	"allowance", "retry",
	"attempt", "validate", "plugin", "output", "budget", "breaker", "limit", "timeout",
}

// Order gives the names of all layers, outermost first.
func Order() []string { return slices.Clone(order) }

// Sort gives the layers in the one order, outermost first. Those of the same name keep their places among each other. A
// name that is not in the list, such as that of a user's own layer, goes outermost. Ls is left as it is.
func Sort(ls []plan.Layer) []plan.Layer {
	sorted := slices.Clone(ls)
	slices.SortStableFunc(sorted, func(a, b plan.Layer) int { return place(a) - place(b) })
	return sorted
}

// place is a layer's position, -1 for one that is not in the list. A nil layer is left for Compile to report.
func place(l plan.Layer) int {
	if l == nil {
		return -1
	}
	return slices.Index(order, l.Name())
}

// Place is where a layer called name goes among layers that somebody wrote: as far in as it can while those that stand further in
// by the one order stay inside it.
func Place(ls []plan.Layer, name string) int {
	own, i := slices.Index(order, name), len(ls)
	for i > 0 && place(ls[i-1]) > own {
		i--
	}
	return i
}
