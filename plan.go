package weir

import (
	"context"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/plan"
)

// Plan is a compiled pipeline: immutable, shared by all its runs, safe for use by several goroutines.
type Plan[I, O any] struct {
	program *plan.Program
	engine  engine.Engine
	job     *engine.Job // what the Config set for every run; nil: nothing
	hooks   *runHooks   // those told of runs; nil: none, and never beside a nil job
}

// Program is the plan without its types, for engines and for tools that explain or draw it. It must not be changed.
func (p *Plan[I, O]) Program() *plan.Program { return p.program }

// Hash is a digest of the pipeline as written. Dropping an optimisation does not change it.
func (p *Plan[I, O]) Hash() string { return p.program.Hash }

// Run runs the plan on in and returns the answer. It returns when every goroutine of the run has ended. The error is a
// *StepError that says where the run failed, or says why the run as a whole ended: ErrCanceled, ErrBudget, ErrDuration, ErrPaused.
func (p *Plan[I, O]) Run(ctx context.Context, in I, opts ...RunOption) (O, error) {
	var out any
	var err error
	if len(opts) == 0 && p.job == nil {
		out, err = p.engine.Drive(ctx, p.program, in, nil, nil)
	} else {
		out, err = p.watched(ctx, in, opts)
	}
	if err != nil {
		var none O
		return none, err
	}
	return answer[O](out)
}

// watched is Run with options or with a Config that asks for something. It stands apart to keep Run's frame small.
//
//go:noinline
func (p *Plan[I, O]) watched(ctx context.Context, in I, opts []RunOption) (any, error) {
	s := p.settings(opts)
	return p.hooks.drive(ctx, p.engine, p.program, in, &s.job, nil)
}

// answer gives the output its type. A plan made with Dynamic can return anything; the others cannot fail here.
func answer[O any](out any) (O, error) {
	v, ok := out.(O)
	if ok {
		return v, nil
	}
	return plan.As[O](out)
}

// Execute runs the plan on in and returns the answer with the record of what happened. The result is never nil; beside an
// error it holds what was done until then.
func (p *Plan[I, O]) Execute(ctx context.Context, in I, opts ...RunOption) (*Result[O], error) {
	x := &execution[O]{}
	x.settings = p.settings(opts)
	err := p.execute(ctx, in, x)
	return &x.result, err
}

// execution is a result with what it is made from, in one piece of memory.
type execution[O any] struct {
	result   Result[O]
	settings settings
}

// execute runs with settings that are complete.
func (p *Plan[I, O]) execute(ctx context.Context, in I, x *execution[O]) error {
	r, s := &x.result, &x.settings
	r.ID = s.job.ID
	r.history.sites = p.program.Sites
	var before process
	if s.measure {
		before = measure()
	}
	out, err := p.hooks.drive(ctx, p.engine, p.program, in, &s.job, &r.history.outcome)
	if s.measure {
		r.Metrics.AllocatedBytes, r.Metrics.GCCycles = measure().since(before)
	}
	r.fill(out, err)
	if err == nil {
		if r.Output, err = answer[O](out); err != nil {
			r.Status = Failed
		}
	}
	return err
}
