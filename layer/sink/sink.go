// Package sink is the layer that writes a step's output into the run's state: sink_to in a blueprint.
package sink

import (
	"context"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// To writes the output of the step into the run's state at a dotted path, after the step succeeded: the first part is a
// key, the others are keys of the maps inside its value. Text goes into a place that holds a number as a number, if it is
// one. The output is copied, for it goes on to the next step as well.
//
// What cannot be written does not fail the step: a map that is missing on the way, or a value of the wrong type, is a
// warning, noted under "warnings" as a list of texts, and the state stays as it is. An empty path, an empty part, and the
// key scratchpad are mistakes that Compile reports.
func To(path string) plan.Layer { return layer(path) }

type layer string

// Name is "sink".
func (layer) Name() string { return "sink" }

// Analyse says that the step needs state.
func (layer) Analyse(a *plan.Analysis) { a.NeedsState = true }

// Writes gives the path.
func (l layer) Writes(t *plan.Tree) []plan.Write {
	return []plan.Write{{Path: string(l), Type: t.Step.Out}}
}

// Explain says where the output goes.
func (l layer) Explain() string { return "stores the output in the run's state, under " + string(l) }

// Effects gives the path.
func (l layer) Effects() []plan.Effect { return []plan.Effect{{Verb: plan.Stores, What: string(l)}} }

// Wrap writes what next returned.
func (l layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	path := string(l)
	first, _, _ := strings.Cut(path, ".")
	switch {
	case first == "scratchpad":
		b.Failf("sink.To(%q): %w", path, state.ErrScratchpad)
		return next
	case path == "" || strings.Contains("."+path+".", ".."):
		b.Failf("sink.To(%q): a path is a key of the state, then keys of the maps inside it, parted by dots", path)
		return next
	}
	site := b.Site()
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := next(ctx, f, in)
		if err != nil {
			return out, err
		}
		scope := state.ScopeOf(ctx)
		if scope == nil {
			f.Note(site, "warnings", []string{"sink_to " + path + ": there is no state outside a run"})
			return out, nil
		}
		if err := scope.StorePath(path, out); err != nil {
			f.Note(site, "warnings", []string{"sink_to: " + strings.TrimPrefix(err.Error(), "state: ")})
		}
		return out, nil
	}
}
