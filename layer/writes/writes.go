// Package writes is the layer that says which keys of the run's state a step writes: output_keys in a blueprint.
package writes

import (
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Key is a state.Key of any type.
type Key interface {
	Name() string
	Declared() state.Value
}

// Keys says that the step writes these keys each time that it succeeds. Go cannot see what a function writes; with this,
// two branches of a parallel step that write one key without a reducer are a mistake that Compile reports, instead of a
// conflict in a run. sink.To and update.Context say by themselves what they write. It costs nothing when the step runs.
func Keys(keys ...Key) plan.Layer {
	var l layer
	for _, k := range keys {
		if k == nil {
			l.paths = append(l.paths, plan.Write{})
			continue
		}
		v := k.Declared()
		l.paths = append(l.paths, plan.Write{Path: k.Name(), Type: v.Type(), Reduced: v.Reduced()})
	}
	return l
}

// To is Keys for dotted paths, as of sink.To: a key, then keys of the maps inside its value. An empty path, an empty part and
// the key scratchpad are mistakes that Compile reports.
func To(paths ...string) plan.Layer {
	var l layer
	for _, p := range paths {
		l.paths = append(l.paths, plan.Write{Path: p})
	}
	return l
}

type layer struct{ paths []plan.Write }

// Name is "writes".
func (layer) Name() string { return "writes" }

// Analyse says that the step needs state.
func (l layer) Analyse(a *plan.Analysis) { a.NeedsState = a.NeedsState || len(l.paths) > 0 }

// Writes gives the keys.
func (l layer) Writes(*plan.Tree) []plan.Write { return slices.Clone(l.paths) }

// Wrap returns next: there is nothing to do when the step runs.
func (l layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	for _, p := range l.paths {
		first, _, _ := strings.Cut(p.Path, ".")
		switch {
		case first == "scratchpad":
			b.Failf("writes %q: %w", p.Path, state.ErrScratchpad)
		case p.Path == "" || strings.Contains("."+p.Path+".", ".."):
			b.Failf("writes %q: a path is a key of the state, then keys of the maps inside it, parted by dots", p.Path)
		}
	}
	return next
}
