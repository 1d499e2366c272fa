package agent_test

import (
	"context"
	"errors"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

// report is a structured output.
type report struct {
	Title string   `json:"title"`
	Score int      `json:"score"`
	Tags  []string `json:"tags,omitempty"`
}

// execute compiles and runs a step, and gives its result also when it failed.
func execute[I, O any](t *testing.T, s weir.Step[I, O], c *weir.Config, in I) (*weir.Result[O], error) {
	t.Helper()
	p, err := weir.Compile(s, c)
	if err != nil {
		t.Fatalf("the step does not compile: %v", err)
	}
	return p.Execute(t.Context(), in)
}

// refused compiles a step and gives the error, failing the test when there is none.
func refused[I, O any](t *testing.T, s weir.Step[I, O], c *weir.Config) error {
	t.Helper()
	_, err := weir.Compile(s, c)
	if err == nil {
		t.Fatal("the step compiles")
	}
	return err
}

// failing is a model that always fails.
func failing(err error) model.Model {
	return model.Func(func(context.Context, *model.Request) (*model.Response, error) { return nil, err })
}

// said is what the model was told last.
func said(r *model.Request) string { return r.Messages[len(r.Messages)-1].Content }

// invalid says that an error is that of an answer which did not pass.
func invalid(err error) bool {
	return errors.Is(err, plan.ErrValidation) && plan.ClassOf(err) == plan.ClassInvalidOutput
}
