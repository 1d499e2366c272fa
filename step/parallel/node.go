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
	need     int // how many branches must succeed; 0: all
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

// Children are the branches, each labelled with its name, then the judge that picks one of them, if there is one.
func (n *node) Children() []plan.Child {
	kids := make([]plan.Child, len(n.spec.Branches), len(n.spec.Branches)+1)
	for i, b := range n.spec.Branches {
		kids[i] = plan.Child{Label: b.Name, Step: b.Step.Step}
	}
	if judge := n.spec.Reduce.Evaluator.Step; judge != nil {
		kids = append(kids, plan.Child{Label: judgeLabel, Step: judge})
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
		width: n.spec.Width, ignore: n.ignore, need: n.need, only: n.spec.Only, gather: n.spec.gather, bare: n.spec.join || n.spec.typed,
		reduction: n.spec.reduced,
		merging:   merging{strategy: n.strategy, custom: n.spec.merge, fields: n.spec.Fields, only: n.spec.Only},
	}
	for i, branch := range n.spec.Branches {
		o.names[i], o.blocks[i] = branch.Name, b.Child(i)
	}
	o.fast = n.spec.FailFast
	if o.gather == nil {
		o.gather = o.byName
	}
	n.decisions(o, b)
	n.conflicts(b)
	// The notes of an ordinary run never change: they are made once. Readers of results get a list that no run works with.
	o.allRan, o.allWell = slices.Clone(o.names), fmt.Sprintf("All %d branches executed successfully", count)
	return o.run
}

// decisions prepares what a resumed run does not do again.
func (n *node) decisions(o *op, b *plan.Builder) {
	if n.need > 0 || n.spec.FailFast {
		o.decided = b.Decision("wait")
	}
	if n.spec.join {
		o.joined = b.Decision("join")
	}
	if o.call != nil {
		o.asked = b.Decision("reduce")
	}
	if n.spec.Reduce.Evaluator.Step != nil {
		o.judge = b.Child(len(n.spec.Branches))
	}
}

// gather makes the step's output of what the branches gave.
type gather func(ctx context.Context, branches []plan.Branch) (any, error)

// op is a parallel step in a plan. It is immutable.
type op struct {
	merging
	reduction
	site    *plan.Site
	names   []string
	blocks  []*plan.Block
	width   int
	ignore  bool
	need    int
	fast    bool          // a branch that failed stops the others
	decided plan.Decision // which branches won, and which were stopped
	only    []string
	gather  gather
	joined  plan.Decision // what a join made
	bare    bool          // nothing stands beside an error
	allRan  any
	allWell any
}

// run is the op.
func (o *op) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	if len(o.blocks) == 0 {
		return o.inspect(ctx, nil), &plan.Error{Code: plan.CodeEmpty, Text: "the parallel step has no branches; give it one or more"}
	}
	g := &plan.Group{Branches: make([]plan.Branch, len(o.blocks)), Width: o.width}
	for i := range g.Branches {
		g.Branches[i].Block, g.Branches[i].In = o.blocks[i], in
	}
	if o.only != nil {
		if err := o.restrict(ctx, g); err != nil {
			return nil, err
		}
	}
	executed, err := o.fork(ctx, f, g)
	f.Note(o.site, "executed_branches", executed)
	if err != nil {
		return o.inspect(ctx, g.Branches), err
	}
	return o.end(ctx, f, in, g.Branches)
}

// fork runs the branches and gives the names of those that began.
func (o *op) fork(ctx context.Context, f plan.Frame, g *plan.Group) (executed any, err error) {
	if o.need > 0 || o.fast {
		return o.race(ctx, f, g)
	}
	err = f.Fork(ctx, g)
	return o.executed(g.Branches), err
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

// end ends the step after its branches have ended and none has an error that ends more than the branch.
func (o *op) end(ctx context.Context, f plan.Frame, in any, branches []plan.Branch) (any, error) {
	failed := failures(branches)
	account, conflict := o.merge(ctx, o.names, branches)
	if len(account.Keys) > 0 {
		f.Note(o.site, "merge", account)
	}
	if failed != nil && !o.ignores(failed, len(branches)) {
		return o.inspect(ctx, branches), plan.KeepState(o.failure(failed, conflict))
	}
	if conflict != nil {
		return o.inspect(ctx, branches), conflict
	}
	out, err := o.output(ctx, f, in, branches)
	if err != nil {
		return nil, err
	}
	f.Note(o.site, "feedback", o.feedback(failed))
	return out, nil
}

// output makes the output of a step that succeeded.
func (o *op) output(ctx context.Context, f plan.Frame, in any, branches []plan.Branch) (any, error) {
	switch {
	case o.word != "":
		return o.reduce(ctx, f, in, branches)
	case o.joined != nil:
		return o.joined(ctx, f, 0, func() (any, error) { return o.gather(ctx, branches) })
	}
	return o.gather(ctx, branches)
}

// inspect is the output that stands beside an error.
func (o *op) inspect(ctx context.Context, branches []plan.Branch) any {
	if o.bare {
		return nil
	}
	out, err := o.gather(ctx, branches)
	if err != nil {
		return nil
	}
	return out
}
