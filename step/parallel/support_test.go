package parallel_test

import (
	"context"
	"errors"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/step/steptest"
)

var errBoom = errors.New("boom")

// branch is a step that does one thing to the run's state, or fails, and returns its name.
func branch(name string, do func(context.Context) error) weir.Step[int, string] {
	return weir.Func(name, func(ctx context.Context, _ int) (string, error) {
		if err := do(ctx); err != nil {
			return "", err
		}
		return name, nil
	})
}

func good(name string) weir.Step[int, string] {
	return branch(name, func(context.Context) error { return nil })
}

func bad(name string) weir.Step[int, string] {
	return branch(name, func(context.Context) error { return errBoom })
}

// after makes a step end only when another thing has happened.
func after(name string, happened <-chan struct{}, happens chan<- struct{}) weir.Step[int, string] {
	return branch(name, func(ctx context.Context) error {
		select {
		case <-happened:
			if happens != nil {
				close(happens)
			}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// reversed is n branches of which the last declared ends first.
func reversed(names []string, do func(ctx context.Context, name string)) []weir.Step[int, string] {
	steps := make([]weir.Step[int, string], len(names))
	next := make(chan struct{})
	close(next)
	for i := len(names) - 1; i >= 0; i-- {
		ready, done := next, make(chan struct{})
		steps[i] = branch(names[i], func(ctx context.Context) error {
			<-ready
			do(ctx, names[i])
			close(done)
			return nil
		})
		next = done
	}
	return steps
}

// yaml is a parallel step as a blueprint makes it, of the spec's fields.
func yaml(t *testing.T, s parallel.Spec, steps ...weir.Step[int, string]) weir.Step[any, any] {
	t.Helper()
	for _, b := range steps {
		s.Branches = append(s.Branches, spec.Branch{Name: b.Name(), Step: spec.Step{Step: b.Written()}})
	}
	node, err := s.Node()
	if err != nil {
		t.Fatal(err)
	}
	return weir.Dynamic(&plan.Step{Name: "par", Node: node})
}

func execute[I, O any](t *testing.T, s weir.Step[I, O], in I, opts ...weir.RunOption) (*weir.Result[O], error) {
	t.Helper()
	return steptest.Execute(t, s, in, opts...)
}

// mistaken compiles a step that must not compile, and gives the mistakes.
func mistaken[I, O any](t *testing.T, s weir.Step[I, O]) string {
	t.Helper()
	_, err := weir.Compile(s, nil)
	if err == nil {
		t.Fatal("it compiles; want a mistake")
	}
	if code := plan.CodeOf(err); code != plan.CodeConfig {
		t.Errorf("the code of the mistake is %q", code)
	}
	return err.Error()
}

// wants checks that a text says each of some things.
func wants(t *testing.T, text string, parts ...string) {
	t.Helper()
	steptest.Says(t, text, parts...)
}

// step gives the result of the step par.
func step[O any](t *testing.T, r *weir.Result[O]) weir.StepResult {
	t.Helper()
	return steptest.Reached(t, r, "par")
}

func equal[T comparable](t *testing.T, got any, want ...T) {
	t.Helper()
	steptest.Equal(t, got, want...)
}
