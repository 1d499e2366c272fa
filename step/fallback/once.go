package fallback

import (
	"slices"

	"github.com/weirflow/weir/plan"
)

// single is a retry layer of one attempt. It keeps Compile from giving an alternate that asks a model the further attempt
// which such steps have by default (spec/core.md §3, item 6).
type single struct{}

// Name is that of the layer whose place it takes.
func (single) Name() string { return "retry" }

// Wrap has nothing to do.
func (single) Wrap(_ *plan.Builder, next plan.Op) plan.Op { return next }

// once gives an alternate one attempt, unless it says something else.
func once(s *plan.Step) *plan.Step {
	if s == nil || s.Node == nil || len(s.Node.Children()) > 0 || !asksModel(s) {
		return s
	}
	if slices.ContainsFunc(s.Layers, func(l plan.Layer) bool { return l != nil && l.Name() == "retry" }) {
		return s
	}
	c := *s
	c.Layers = append([]plan.Layer{single{}}, s.Layers...)
	return &c
}

func asksModel(s *plan.Step) bool {
	var a plan.Analysis
	if n, ok := s.Node.(plan.Analyser); ok {
		n.Analyse(&a)
	}
	return a.Model
}
