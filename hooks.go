package weir

import (
	"context"
	"slices"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/layer"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// runHooks tells the hooks of a Config of the runs of one plan. A nil *runHooks tells nobody.
type runHooks struct {
	set  *hook.Set
	name string // the pipeline's
}

// hooksOf makes the hooks of a Config; nil: there are none.
func hooksOf(name string, c *Config) (*runHooks, error) {
	if len(c.Hooks) == 0 {
		return nil, nil
	}
	set, err := hook.New(c.Hooks, c.StrictHooks, c.Logger)
	return &runHooks{set: set, name: name}, err
}

// ofRuns is nil where no hook is told of runs.
func (h *runHooks) ofRuns() *runHooks {
	if h == nil || !h.set.Runs() {
		return nil
	}
	return h
}

// layer is what stands round the outer steps; nil: nothing.
func (h *runHooks) layer() plan.Layer {
	if h == nil {
		return nil
	}
	return h.set.Layer()
}

// told runs drive between the beginning and the end of a run, of which hooks are told. A run that goes on has begun before.
func (h *runHooks) told(ctx context.Context, p *plan.Program, in any, job *engine.Job, out *engine.Outcome, goesOn bool,
	drive func(*engine.Outcome) (any, error)) (v any, err error) {
	if out == nil {
		out = &engine.Outcome{}
	}
	run := h.run(p, in, job)
	if !goesOn {
		err = h.begin(ctx, run, p, out)
	}
	// Deferred, since a step that ends its goroutine ends this call too: nothing else would tell of that run's end.
	defer func() {
		if err != plan.ErrParked { // it goes on later
			err = h.end(ctx, run, v, err, out)
		}
	}()
	if err == nil {
		err = plan.Errorf(plan.CodePanic, "the goroutine of the run ended before it") // unless drive returns
		v, err = drive(out)
	}
	return v, err
}

// run is what is told of a run at its beginning.
func (h *runHooks) run(p *plan.Program, in any, job *engine.Job) hook.Run {
	var s state.Scope
	terms := job.Under()
	s.Init(false, terms.State...)
	return hook.Run{ID: job.ID, Name: h.name, Hash: p.Hash, Input: in, Limits: terms.Limits, State: s.Snapshot()}
}

// begin tells that a run begins. With an error it must not be driven, and out says so.
func (h *runHooks) begin(ctx context.Context, run hook.Run, p *plan.Program, out *engine.Outcome) error {
	err := h.set.Begin(ctx, run)
	if err != nil {
		out.Records, out.State = make([]plan.Record, len(p.Sites)), run.State
	}
	return err
}

// end tells that a run has ended or paused, and gives its error.
func (h *runHooks) end(ctx context.Context, run hook.Run, v any, err error, out *engine.Outcome) error {
	run.State = out.State
	return h.set.End(ctx, hook.RunEnd{
		Run: run, Status: statusOf(err), Output: v, Err: err, Usage: out.Usage, Elapsed: out.Elapsed,
	})
}

// outerHooks is the pass that puts the layer of the hooks round the outer steps: those that stand directly in the pipeline, not
// in a step with children.
type outerHooks struct{ hooks plan.Layer }

// Name is "hooks"; it is not an optimisation and cannot be dropped.
func (outerHooks) Name() string { return "hooks" }

// Rewrite goes through sequences without layers, which are no steps of their own.
func (o outerHooks) Rewrite(t *plan.Tree) *plan.Tree {
	c := *t
	if _, sequence := t.Step.Node.(*plan.Sequence); sequence && len(t.Step.Layers) == 0 {
		c.Children = make([]*plan.Tree, len(t.Children))
		for i, child := range t.Children {
			c.Children[i] = o.Rewrite(child)
		}
		return &c
	}
	if t.Site == nil {
		return t // without a place there is nothing to tell
	}
	step := *t.Step
	step.Layers = slices.Insert(slices.Clone(step.Layers), layer.Place(step.Layers, "hook"), o.hooks)
	c.Step = &step
	t.Site.Layers = names(step.Layers)
	return &c
}
