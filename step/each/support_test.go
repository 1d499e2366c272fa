package each_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/steptest"
)

var errBoom = errors.New("boom")

func tenfold(_ context.Context, n int) (int, error) { return n * 10, nil }

// odd fails on odd numbers.
func odd(_ context.Context, n int) (int, error) {
	if n%2 == 1 {
		return 0, errBoom
	}
	return n * 10, nil
}

// program is an expression that a Go function stands for.
type program func(ctx context.Context, vars spec.Vars) (any, error)

func (p program) Eval(ctx context.Context, vars spec.Vars) (any, error) { return p(ctx, vars) }

// yaml is a map step as a blueprint makes it, of the spec's fields. Without a body it multiplies numbers by ten.
func yaml(t *testing.T, s each.Spec) weir.Step[any, any] {
	t.Helper()
	if s.Body.Step == nil {
		s.Body.Step = weir.Func("line", odd).Written()
	}
	node, err := s.Node()
	if err != nil {
		t.Fatal(err)
	}
	return weir.Dynamic(&plan.Step{Name: "m", Node: node})
}

func execute[I, O any](t *testing.T, s weir.Step[I, O], in I, opts ...weir.RunOption) (*weir.Result[O], error) {
	t.Helper()
	return steptest.Execute(t, s, in, opts...)
}

// step gives the result of the step m.
func step[O any](t *testing.T, r *weir.Result[O]) weir.StepResult {
	t.Helper()
	return steptest.Reached(t, r, "m")
}

// path is where an error says that the run failed.
func path(err error) string { return steptest.Path(err) }

func equal[T comparable](t *testing.T, got any, want ...T) {
	t.Helper()
	steptest.Equal(t, got, want...)
}

// holds checks the value of a key at the end of a run.
func holds[T, O any](t *testing.T, r *weir.Result[O], key state.Key[T], want T) {
	t.Helper()
	if got, _ := key.From(r.State); !reflect.DeepEqual(got, want) {
		t.Errorf("%s is %v, want %v", key.Name(), got, want)
	}
}

func wants(t *testing.T, text string, parts ...string) {
	t.Helper()
	steptest.Says(t, text, parts...)
}
