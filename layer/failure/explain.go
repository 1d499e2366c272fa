package failure

import "github.com/weirflow/weir/plan"

// Explain says when the handlers are called.
func (l *layer) Explain() string {
	return "calls " + plan.Count(len(l.calls), "handler") + " when it has failed for good"
}

// Fingerprint is empty: the layer does not change what a step answers.
func (*layer) Fingerprint() string { return "" }
