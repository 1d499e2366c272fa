package plantest

import (
	"context"
	"fmt"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/engine/local"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// ran is what became of one run.
type ran struct {
	out     any
	err     error
	calls   int
	records []plan.Record
	outcome engine.Outcome
}

// drive runs a program on the local engine.
func (r *ran) drive(ctx context.Context, p *plan.Program, in any, limits usage.Limits) {
	r.out, r.err = (&local.Engine{}).Drive(ctx, p, in, &engine.Job{Terms: &engine.Terms{Limits: limits}}, &r.outcome)
	r.records = r.outcome.Records
}

// recorded checks the records of the pipeline of a trial whose step ended so, and the state.
func (r *ran) recorded(want plan.Status) error {
	before, step, after := &r.records[0], &r.records[1], &r.records[2]
	failures, next := uint32(0), plan.NotRun
	switch want {
	case plan.Failed:
		failures = 1
	case plan.Completed:
		next = plan.Completed
	}
	switch {
	case before.Status != plan.Completed || before.Count != 1:
		return fmt.Errorf("the step before is recorded as %v, %d times", before.Status, before.Count)
	case step.Status != want || step.Count != 1 || step.Failures != failures || step.Retries != uint32(r.calls-1):
		return fmt.Errorf("the step is recorded as %v, %d times, with %d failures and %d retries; want %v, once, with %d and %d",
			step.Status, step.Count, step.Failures, step.Retries, want, failures, r.calls-1)
	case after.Status != next:
		return fmt.Errorf("the step after is recorded as %v, want %v", after.Status, next)
	}
	if n, there := wrote.From(r.outcome.State); there && r.err != nil {
		return fmt.Errorf("what the failed step wrote to the state, %d, is still there", n)
	}
	return nil
}

// leaf is a step that does one thing.
func leaf(name string, op plan.Op, layers ...plan.Layer) *plan.Step {
	return &plan.Step{Name: name, Node: node{op: op}, Layers: layers}
}

// sequence is steps one after the other.
func sequence(name string, steps ...*plan.Step) *plan.Step {
	return &plan.Step{Name: name, Node: &plan.Sequence{Steps: steps}}
}

// node is a kind that does what it is told.
type node struct{ op plan.Op }

func (node) Kind() string                  { return "test" }
func (node) Children() []plan.Child        { return nil }
func (n node) Build(*plan.Builder) plan.Op { return n.op }

// same gives back what it got.
func same(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }

// alike compares values that may not be comparable.
func alike(a, b any) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) }
