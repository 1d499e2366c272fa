package agent

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// DynamicSpec is an agent step whose types are not known in Go, such as one from a blueprint.
type DynamicSpec struct {
	// Model is asked. Nil: the one that ModelName names.
	Model model.Model
	// ModelName is the name of a model in the plan's registry.
	ModelName string
	// System and Prompt are the system prompt and the question; both see previous_step, the step's input. What they give
	// is text, or becomes JSON. Without a prompt the input is the question, as in Spec.
	System, Prompt spec.Value
	// Schema is the JSON Schema of the answer; it may not be recursive. Empty, or {"type": "string"}: plain text.
	Schema json.RawMessage
	// Settings are sampling and provider settings.
	Settings model.Settings
	// Reask counts as in Spec: 0 is once, negative never.
	Reask int
	// NoStream asks for the answer in one piece, as in Spec.
	NoStream bool
}

// Dynamic makes a step that asks a model and gives a string, or what JSON holds: map[string]any, []any, string, int64,
// float64, bool, nil. An answer whose schema is no object travels as the key "value" of one and comes out bare. What is
// wrong with the spec is told by Compile.
func Dynamic(name string, s DynamicSpec) *plan.Step {
	n := &node{
		model: s.Model, modelName: s.ModelName, settings: s.Settings.Clone(), reask: s.Reask, noStream: s.NoStream,
		system:  rendered(s.System, fixed("")),
		prompt:  rendered(s.Prompt, func(_ context.Context, in any) (string, error) { return textOf(in) }),
		wording: wording{system: s.System.Source, prompt: s.Prompt.Source},
	}
	n.output.decode = untyped
	if len(s.Schema) > 0 {
		n.answers(written(s.Schema, true))
	}
	return &plan.Step{Name: name, Node: n}
}

// rendered makes text of a template, or does otherwise where there is none.
func rendered(v spec.Value, otherwise func(context.Context, any) (string, error)) func(context.Context, any) (string, error) {
	if !v.Set() {
		return otherwise
	}
	return func(ctx context.Context, in any) (string, error) {
		out, err := v.Eval(ctx, spec.Vars{spec.VarPrevious: in})
		if err != nil {
			return "", err
		}
		if out == nil {
			return "", errors.New("it renders to nothing")
		}
		return textOf(out)
	}
}
