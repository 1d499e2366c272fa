package agent

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

// Spec says what an agent step asks, and whom. I is the step's input.
type Spec[I any] struct {
	// Model is asked. Nil: the one that Name names.
	Model model.Model
	// Name is the name of a model in the plan's registry (weir.Config.Models), such as "openai:gpt-4o-mini". It is used when
	// Model is nil.
	Name string
	// System is the system prompt; empty: none.
	System string
	// Prompt makes the question of the input. Nil: the input as text, or as JSON when it is no text. An error is the step's
	// failure, which is not tried again.
	Prompt func(ctx context.Context, in I) (string, error)
	// Settings are sampling and provider settings.
	Settings model.Settings
	// Reask is how often an answer that does not pass is sent back with what is wrong with it, within one attempt of the
	// step. 0: once; negative: never.
	Reask int
	// NoStream asks for the answer in one piece, also where it would be told while it is made.
	NoStream bool
	// Schema is the JSON Schema of the answer, in place of the one inferred from the output's type: for types with a JSON
	// form of their own, or to say more than a type can. It may not be recursive.
	Schema json.RawMessage
}

// DefaultReask is how often an answer that does not pass is sent back when nobody says (design: agents.X.max_retries).
const DefaultReask = 1

// New makes a step that asks a model. O is its output: a string is the text of the answer, any other type its structured
// form. Each check judges a decoded output; what it finds wrong is sent back to the model like a breach of the schema.
//
// The schema is inferred as encoding/json would write the type: a field without omitempty or omitzero is required, a tag
// `jsonschema:"…"` describes it to the model. A type that cannot be inferred is a mistake that Compile reports. An output
// that is no object travels as the key "value" of one, since providers take no other schema.
//
// The step fails with *model.Error when the model does, with *OutputError when the answer does not pass, and with
// plan.CodePrompt when there is no question. A step without a model is a mistake that Compile reports, with
// plan.CodeMissingAgent.
func New[O, I any](name string, s Spec[I], checks ...func(O) error) weir.Step[I, O] {
	n := &node{
		model: s.Model, modelName: s.Name, settings: s.Settings.Clone(), reask: s.Reask, noStream: s.NoStream,
		system: fixed(s.System), prompt: asked(s.Prompt), wording: wording{system: s.System, made: s.Prompt != nil},
	}
	n.output.decode = typed(checks)
	t := reflect.TypeFor[O]()
	switch text := t.Kind() == reflect.String; {
	case s.Schema != nil:
		n.answers(written(s.Schema, text))
	case !text:
		n.answers(inferred(t))
	}
	return weir.Make[I, O](name, n)
}

// asked makes the question of a typed input.
func asked[I any](prompt func(context.Context, I) (string, error)) func(context.Context, any) (string, error) {
	if prompt == nil {
		return func(_ context.Context, in any) (string, error) { return textOf(in) }
	}
	return func(ctx context.Context, in any) (string, error) {
		v, err := plan.As[I](in)
		if err != nil {
			return "", err
		}
		return prompt(ctx, v)
	}
}

// fixed is a system prompt that is the same for every input.
func fixed(text string) func(context.Context, any) (string, error) {
	return func(context.Context, any) (string, error) { return text, nil }
}
