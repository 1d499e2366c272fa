package each

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// node is the kind map.
type node struct {
	spec     Spec
	strategy state.Strategy
	mistakes []error
}

var (
	_ plan.Node     = (*node)(nil)
	_ plan.Indexed  = (*node)(nil)
	_ plan.Analyser = (*node)(nil)
)

// Kind is "map".
func (n *node) Kind() string { return kindName }

// Fingerprint is what the spec says; functions in Go say nothing.
func (n *node) Fingerprint() string { return spec.Fingerprint(&n.spec) }

// Indexed says that the body runs by number.
func (n *node) Indexed() {}

// Children is the body. A sequence without a name adds nothing to the paths of its steps; any other body without one is
// called body.
func (n *node) Children() []plan.Child {
	body := n.spec.Body.Step
	if body == nil {
		return nil
	}
	label := ""
	if _, ok := body.Node.(*plan.Sequence); !ok && body.Name == "" {
		label = "body"
	}
	return []plan.Child{{Label: label, Step: body}}
}

// Analyse says that the step reads the run's state where its list stands there.
func (n *node) Analyse(a *plan.Analysis) {
	a.NeedsState = a.NeedsState || n.spec.Iterable != "" || n.spec.Items.Set() || n.spec.ShowItem
}

// Build makes the op.
func (n *node) Build(b *plan.Builder) plan.Op {
	for _, err := range n.mistakes {
		b.Fail(err)
	}
	if len(n.mistakes) > 0 {
		return nil
	}
	o := &op{spec: &n.spec, site: b.Site(), body: b.Child(0), strategy: n.strategy}
	o.stops = n.spec.OnFailure == "" || n.spec.OnFailure == onFail
	if o.stops {
		o.kept = b.Decision("stop")
	}
	if n.spec.ShowItem {
		o.body = showing(o.body)
	}
	return o.run
}

// op is a map step in a plan. It is immutable: what belongs to one execution is in a job.
type op struct {
	spec     *Spec
	site     *plan.Site
	body     *plan.Block
	strategy state.Strategy
	stops    bool // a failed item ends the step
	// kept says which items had begun when a failed one ended the step, and which of them were stopped.
	kept plan.Decision
}

// run is the op.
func (o *op) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	list, err := o.spec.source(ctx, in)
	if err != nil {
		return nil, err
	}
	j := &job{op: o, frame: f, items: list, results: o.spec.results(list)}
	if list.n > 0 {
		err = j.each(ctx)
	}
	j.note()
	return j.results.output(), err
}
