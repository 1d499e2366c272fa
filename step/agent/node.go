package agent

import (
	"context"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// node is the kind agent: one step that asks a model.
type node struct {
	model     model.Model
	modelName string
	settings  model.Settings
	reask     int
	system    func(ctx context.Context, in any) (string, error)
	prompt    func(ctx context.Context, in any) (string, error)
	schema    *schema
	decode    decoder
	mistakes  []error
}

// decoder makes the output of an answer that keeps to its schema, or says what is wrong with it.
type decoder func(a answer) (out any, problems []string)

var (
	_ plan.Node     = (*node)(nil)
	_ plan.Analyser = (*node)(nil)
)

// answers sets how answers are read.
func (n *node) answers(decode decoder, make func() (*schema, error)) {
	s, err := make()
	if err != nil {
		n.mistakes = append(n.mistakes, err)
	}
	n.schema, n.decode = s, decode
}

// Kind is "agent".
func (*node) Kind() string { return "agent" }

// Children is nil: an agent does its work itself.
func (*node) Children() []plan.Child { return nil }

// Analyse says that the step asks a model, and which.
func (n *node) Analyse(a *plan.Analysis) {
	a.Model, a.ModelName = true, n.modelName
	if named, ok := n.model.(model.Named); ok {
		a.ModelName = named.Provider() + ":" + named.Name()
	}
}

// Build finds the model and makes the op.
func (n *node) Build(b *plan.Builder) plan.Op {
	mistakes := len(n.mistakes)
	for _, err := range n.mistakes {
		b.Fail(err)
	}
	if err := n.settings.Validate(); err != nil {
		b.Fail(plan.Errorf(plan.CodeConfig, "settings: %w", err))
		mistakes++
	}
	m, err := n.find(b)
	if err != nil {
		b.Fail(err)
	}
	if err != nil || mistakes > 0 {
		return nil
	}
	a := &asker{node: n, model: m, site: b.Site(), name: b.Step().Name, reask: n.reask}
	switch {
	case a.reask == 0:
		a.reask = DefaultReask
	case a.reask < 0:
		a.reask = 0
	}
	if a.prices, _ = plan.Component[usage.Prices](b); a.prices == nil {
		a.prices = usage.DefaultPrices()
	}
	return a.run
}

// find gives the model of the step.
func (n *node) find(b *plan.Builder) (model.Model, error) {
	if n.model != nil {
		return n.model, nil
	}
	if n.modelName == "" {
		return nil, plan.Errorf(plan.CodeMissingAgent, "the step has no model to ask: set Spec.Model, or Spec.Name to one of Config.Models")
	}
	registry, ok := plan.Component[model.Registry](b)
	if !ok {
		return nil, plan.Errorf(plan.CodeMissingAgent, "the step asks the model %q, but no models are known: set Config.Models", n.modelName)
	}
	m, err := registry.Model(n.modelName)
	switch {
	case err != nil && plan.CodeOf(err) == plan.CodeMissingAgent:
		return nil, err
	case err != nil:
		return nil, plan.Errorf(plan.CodeMissingAgent, "model %q: %w", n.modelName, err)
	case m == nil:
		return nil, plan.Errorf(plan.CodeMissingAgent, "Config.Models gave no model for the name %q", n.modelName)
	}
	return m, nil
}
