package weir

import (
	"slices"
	"time"

	"github.com/weirflow/weir/layer"
	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/record"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// defaults is the pass that adds the layers which a step has unless it says otherwise: a limiter round leaf work; round a step that
// asks a model a second attempt (design: a function runs once) and, with an estimator, a reservation for each; and the recorder where
// the plan keeps a journal.
type defaults struct {
	limiter limit.Limiter // of the Config; nil: models only
	models  limit.Limiter
	// estimator is that of the Config; nil: nothing is set aside unless a step says so.
	estimator usage.Estimator
	// recorded says that the plan keeps a journal.
	recorded bool
}

// Name is "defaults"; it is not an optimisation and cannot be dropped.
func (defaults) Name() string { return "defaults" }

// Rewrite puts the layers in their places.
func (d defaults) Rewrite(t *plan.Tree) *plan.Tree {
	c := *t
	c.Children = make([]*plan.Tree, len(t.Children))
	for i, child := range t.Children {
		c.Children[i] = d.Rewrite(child)
	}
	if t.Site == nil || t.Site.Kind == "sequence" || !t.Site.Analysis.Leaf {
		return &c
	}
	layers := c.Step.Layers
	if l := d.limit(t.Site); l != nil {
		layers = slices.Insert(slices.Clone(layers), layer.Place(layers, "limit"), limit.By(l))
	}
	if t.Site.Analysis.Model && d.estimator != nil && !has(layers, "budget") {
		layers = slices.Insert(slices.Clone(layers), layer.Place(layers, "budget"), budget.Reserve(d.estimator))
	}
	if t.Site.Analysis.Model && !has(layers, "retry") {
		again := retry.UpTo(2, retry.BackoffOn(plan.ClassRateLimit, plan.ClassOverload), retry.Backoff(500*time.Millisecond, 2, 30*time.Second))
		layers = slices.Insert(slices.Clone(layers), layer.Place(layers, "retry"), again)
	}
	if d.recorded && !t.Site.Analysis.Waits { // what waits asks the journal itself
		layers = slices.Insert(slices.Clone(layers), layer.Place(layers, "record"), record.Layer())
	}
	if len(layers) != len(c.Step.Layers) {
		step := *c.Step
		step.Layers = layers
		c.Step = &step
		t.Site.Layers = names(layers)
	}
	return &c
}

// limit is the limiter of a leaf, nil for none.
func (d defaults) limit(s *plan.Site) limit.Limiter {
	switch {
	case s.Analysis.Waits:
		return nil // a person is not work
	case d.limiter != nil:
		return d.limiter
	case s.Analysis.Model:
		return d.models
	}
	return nil
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
