package writes

import "github.com/weirflow/weir/plan"

// Explain hides the layer: it does nothing when the step runs. What it says is among the effects.
func (layer) Explain() string { return "" }

// Effects gives the keys.
func (l layer) Effects() []plan.Effect {
	list := make([]plan.Effect, len(l.paths))
	for i, p := range l.paths {
		list[i] = plan.Effect{Verb: plan.Stores, What: p.Path}
	}
	return list
}

// Fingerprint is empty: the layer does not change what a step answers.
func (layer) Fingerprint() string { return "" }
