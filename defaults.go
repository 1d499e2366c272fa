package weir

import (
	"slices"
	"time"

	"github.com/weirflow/weir/layer"
	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/policy"
	"github.com/weirflow/weir/layer/record"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// defaults is the pass that adds the layers which a step has unless it says otherwise: a limiter round leaf work; round a step that
// asks a model the policy, a second attempt (design: a function runs once) and, with an estimator, a reservation for each; and the
// recorder where the plan keeps a journal.
type defaults struct {
	limiter plan.Layer // of the Config; nil: models only
	models  plan.Layer
	policy  plan.Layer // nil: none
	// estimator is that of the Config; nil: nothing is set aside unless a step says so.
	estimator usage.Estimator
	// recorded says that the plan keeps a journal.
	recorded bool
}

func defaultsOf(c *Config, dropped map[string]bool) *defaults {
	d := &defaults{models: limit.By(permits(dropped)(DefaultModelCalls)), estimator: c.Estimator}
	if c.Limiter != nil {
		d.limiter = limit.By(c.Limiter)
	}
	if c.Policy != nil {
		d.policy = policy.By(c.Policy)
	}
	return d
}

// Name is "defaults"; it is not an optimisation and cannot be dropped.
func (*defaults) Name() string { return "defaults" }

// Rewrite puts the layers in their places.
func (d *defaults) Rewrite(t *plan.Tree) *plan.Tree {
	c := *t
	c.Children = make([]*plan.Tree, len(t.Children))
	for i, child := range t.Children {
		c.Children[i] = d.Rewrite(child)
	}
	if t.Site == nil || t.Site.Kind == "sequence" || !t.Site.Analysis.Leaf {
		return &c
	}
	layers := d.guarded(c.Step.Layers, &t.Site.Analysis)
	if t.Site.Analysis.Model && d.estimator != nil && !has(layers, "budget") {
		layers = placed(layers, budget.Reserve(d.estimator))
	}
	if t.Site.Analysis.Model && !has(layers, "retry") {
		layers = placed(layers, retry.UpTo(2, retry.BackoffOn(plan.ClassRateLimit, plan.ClassOverload), retry.Backoff(500*time.Millisecond, 2, 30*time.Second)))
	}
	if d.recorded && !t.Site.Analysis.Waits { // what waits asks the journal itself
		layers = placed(layers, record.Layer())
	}
	if len(layers) != len(c.Step.Layers) {
		step := *c.Step
		step.Layers = layers
		c.Step = &step
		t.Site.Layers = names(layers)
	}
	return &c
}

// instead adds what a leaf gets that does the work of another: no second attempt, for it is part of one.
func (d *defaults) instead(s *plan.Step, a plan.Analysis) *plan.Step {
	c := *s
	c.Layers = d.guarded(s.Layers, &a)
	return &c
}

// guarded adds the limiter and the policy of a leaf, unless they are there.
func (d *defaults) guarded(layers []plan.Layer, a *plan.Analysis) []plan.Layer {
	if l := d.limit(a); l != nil && !slices.Contains(layers, l) {
		layers = placed(layers, l)
	}
	if a.Model && d.policy != nil && !slices.Contains(layers, d.policy) {
		layers = placed(layers, d.policy)
	}
	return layers
}

// limit is the limiter of a leaf, nil for none.
func (d *defaults) limit(a *plan.Analysis) plan.Layer {
	switch {
	case a.Waits:
		return nil // a person is not work
	case d.limiter != nil:
		return d.limiter
	case a.Model:
		return d.models
	}
	return nil
}

// placed puts a layer where it belongs among layers that somebody wrote.
func placed(layers []plan.Layer, l plan.Layer) []plan.Layer {
	return slices.Insert(slices.Clone(layers), layer.Place(layers, l.Name()), l)
}

func has(layers []plan.Layer, name string) bool {
	return slices.ContainsFunc(layers, func(l plan.Layer) bool { return l != nil && l.Name() == name })
}

func names(layers []plan.Layer) []string {
	list := make([]string, len(layers))
	for i, l := range layers {
		list[i] = l.Name()
	}
	return list
}
