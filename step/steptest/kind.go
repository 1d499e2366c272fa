package steptest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Probe is work that the suite gives to a kind. It gives n+1, unless the suite has it do something else.
type Probe func(ctx context.Context, n int) (int, error)

// Kind says how a kind is tested.
type Kind[I, O any] struct {
	// Make makes a step of the kind, which has a name. One of its children is weir.Func("probe", probe), and the only one
	// that may fail; a leaf calls the probe itself. The step must not try again by itself what failed.
	Make func(probe Probe) weir.Step[I, O]
	// In is an input with which the probe is first called with n, and Out what the step gives for it.
	In  func(n int) I
	Out func(n int) O
	// Calls is how often the probe is called in one execution that succeeds. 0: once. A kind that can call it at the same
	// time is tested with one call.
	Calls int
	// Handles says that the step succeeds although the probe fails in an ordinary way, as a fallback does whose primary
	// fails. The failure must be in the probe's record then.
	Handles bool
}

// Passes runs the suite. A kind passes when
//
//   - what no handler may swallow (plan.Final) comes through untouched from the probe, which is not called again;
//   - an ordinary failure and a panic are not lost, and a panic keeps its stack;
//   - cancellation ends the step, and no goroutine is left;
//   - what is below the step has a path below the step's;
//   - one execution is recorded once, with its status, and so is each of the probe;
//   - what a failed attempt wrote to the state is gone;
//   - eight runs at once, with inputs and states of their own, do not meet;
//   - one step can stand in several pipelines;
//   - its outcome is the same without any optimisation.
func Passes[I, O any](t *testing.T, k Kind[I, O]) {
	t.Helper()
	for _, c := range checks[I, O]() {
		t.Run(c.name, func(t *testing.T) {
			if err := c.run(t, k); err != nil {
				t.Error(err)
			}
		})
	}
}

// check is one part of the suite; its error says what the kind did wrong.
type check[I, O any] struct {
	name string
	run  func(t *testing.T, k Kind[I, O]) error
}

// errBoom is the ordinary failure of a probe.
var errBoom = errors.New("boom")

// seed is a key of the state that the suite writes to.
var seed = state.NewKey[int]("steptest.seed")

// calls is how often the probe is called.
func (k Kind[I, O]) calls() int { return max(k.Calls, 1) }

// pipeline puts a step of the kind behind one that makes its input, and notes in the state which that was.
func (k Kind[I, O]) pipeline(s weir.Step[I, O]) weir.Step[int, O] {
	return weir.Then(weir.Func("before", func(ctx context.Context, n int) (I, error) {
		seed.Set(ctx, n)
		return k.In(n), nil
	}), s)
}

// trial is what became of one run.
type trial[O any] struct {
	result *weir.Result[O]
	err    error
	step   weir.StepResult // of the kind
	probe  weir.StepResult // of the probe; for a leaf, of the step
	leaf   bool
	calls  int
}

// try runs a step of the kind with a probe that is called in one strand only.
func (k Kind[I, O]) try(ctx context.Context, probe Probe, layers ...plan.Layer) (*trial[O], error) {
	r := &trial[O]{}
	s := k.Make(func(ctx context.Context, n int) (int, error) {
		r.calls++
		return probe(ctx, n)
	})
	if s.Name() == "" {
		return nil, errors.New("the step has no name")
	}
	p, err := weir.Compile(k.pipeline(s.With(layers...)), nil)
	if err != nil {
		return nil, err
	}
	r.result, r.err = p.Execute(ctx, 1000)
	var ok bool
	if r.step, ok = r.result.Step(s.Name()); !ok {
		return nil, fmt.Errorf("the step %s was not reached; the run says %v", s.Name(), r.err)
	}
	if r.leaf = s.Written().Node.Children() == nil; r.leaf {
		r.probe = r.step
	} else if r.probe, ok = below(r.step); !ok {
		return nil, fmt.Errorf("no step called probe was reached below %s; the run says %v", s.Name(), r.err)
	}
	return r, nil
}

// below finds the probe below a step.
func below(s weir.StepResult) (weir.StepResult, bool) {
	for _, c := range s.Steps() {
		if c.Name() == "probe" && len(c.Steps()) == 0 {
			return c, true
		}
		if found, ok := below(c); ok {
			return found, true
		}
	}
	return s, false
}
