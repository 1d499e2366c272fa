package parallel

import (
	"context"
	"fmt"
	"slices"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// node is the kind parallel.
type node struct {
	spec     Spec
	strategy state.Strategy
	ignore   bool
	mistakes []error
}

var (
	_ plan.Node     = (*node)(nil)
	_ plan.Analyser = (*node)(nil)
)

// Kind is "parallel".
func (n *node) Kind() string { return kindName }

// Fingerprint is what the spec says; functions in Go say nothing.
func (n *node) Fingerprint() string { return spec.Fingerprint(&n.spec) }

// Children are the branches, each labelled with its name.
func (n *node) Children() []plan.Child {
	kids := make([]plan.Child, len(n.spec.Branches))
	for i, b := range n.spec.Branches {
		kids[i] = plan.Child{Label: b.Name, Step: b.Step.Step}
	}
	return kids
}

// Analyse says that the step handles the run's state where it names keys of it.
func (n *node) Analyse(a *plan.Analysis) {
	a.NeedsState = a.NeedsState || n.spec.Only != nil || len(n.spec.Fields) > 0 || n.spec.merge != nil
}

// Build makes the op.
func (n *node) Build(b *plan.Builder) plan.Op {
	for _, err := range n.mistakes {
		b.Fail(err)
	}
	if len(n.mistakes) > 0 {
		return nil
	}
	count := len(n.spec.Branches)
	o := &op{
		site: b.Site(), names: make([]string, count), blocks: make([]*plan.Block, count),
		width: n.spec.Width, ignore: n.ignore, only: n.spec.Only, gather: n.spec.gather, join: n.spec.join,
		merging: merging{strategy: n.strategy, custom: n.spec.merge, fields: n.spec.Fields, only: n.spec.Only},
	}
	for i, branch := range n.spec.Branches {
		o.names[i], o.blocks[i] = branch.Name, b.Child(i)
	}
	if n.spec.FailFast {
		o.stop = failing
	}
	if o.gather == nil {
		o.gather = o.byName
	}
	// The notes of an ordinary run never change: they are made once. Readers of results get a list that no run works with.
	o.allRan, o.allWell = slices.Clone(o.names), fmt.Sprintf("All %d branches executed successfully", count)
	return o.run
}

// failing stops the siblings of a branch that failed. Of errors that nobody may swallow the engine knows better what they
// mean for others.
func failing(_ int, err error) bool { return err != nil && !plan.Final(err) }

// gather makes the step's output of what the branches gave.
type gather func(ctx context.Context, branches []plan.Branch) (any, error)

// op is a parallel step in a plan. It is immutable.
type op struct {
	merging
	site    *plan.Site
	names   []string
	blocks  []*plan.Block
	width   int
	stop    func(int, error) bool
	ignore  bool
	only    []string
	gather  gather
	join    bool
	allRan  any
	allWell any
}

// run is the op.
func (o *op) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	if len(o.blocks) == 0 {
		return o.inspect(ctx, nil), &plan.Error{Code: plan.CodeEmpty, Text: "the parallel step has no branches; give it one or more"}
	}
	g := &plan.Group{Branches: make([]plan.Branch, len(o.blocks)), Width: o.width, Stop: o.stop}
	for i := range g.Branches {
		g.Branches[i].Block, g.Branches[i].In = o.blocks[i], in
	}
	if o.only != nil {
		if err := o.restrict(ctx, g); err != nil {
			return nil, err
		}
	}
	err := f.Fork(ctx, g)
	f.Note(o.site, "executed_branches", o.executed(g.Branches))
	if err != nil {
		return o.inspect(ctx, g.Branches), err
	}
	return o.joined(ctx, f, g.Branches)
}

// restrict lets the branches see only some keys of the state.
func (o *op) restrict(ctx context.Context, g *plan.Group) error {
	parent := state.ScopeOf(ctx)
	if parent == nil {
		return nil
	}
	var trial state.Scope // what is wrong with the keys is the step's mistake, not that of each branch
	if err := parent.ForkKeys(&trial, o.only); err != nil {
		return plan.Errorf(plan.CodeState, "context_include_keys: %w", err)
	}
	g.Enter = func(branch context.Context, _ int) error { return parent.ForkKeys(state.ScopeOf(branch), o.only) }
	return nil
}

// joined ends the step after its branches have ended and none has an error that ends more than the branch.
func (o *op) joined(ctx context.Context, f plan.Frame, branches []plan.Branch) (any, error) {
	failed := failures(branches)
	merged, conflict := o.merge(ctx, o.names, branches)
	if len(merged) > 0 {
		f.Note(o.site, "merged", merged)
	}
	if failed != nil && !o.ignores(failed, len(branches)) {
		return o.inspect(ctx, branches), plan.KeepState(o.failure(failed, conflict))
	}
	if conflict != nil {
		return o.inspect(ctx, branches), conflict
	}
	out, err := o.gather(ctx, branches)
	if err != nil {
		return nil, err
	}
	f.Note(o.site, "feedback", o.feedback(failed))
	return out, nil
}

// inspect is the output that stands beside an error.
func (o *op) inspect(ctx context.Context, branches []plan.Branch) any {
	if o.join {
		return nil
	}
	out, err := o.gather(ctx, branches)
	if err != nil {
		return nil
	}
	return out
}
