package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/agent"
)

// template renders as a function does.
type template func(vars spec.Vars) (any, error)

func (p template) Eval(_ context.Context, vars spec.Vars) (any, error) { return p(vars) }

func value(p template) spec.Value { return spec.Value{Program: p} }

// dynamic runs a dynamic step once, without retries.
func dynamic(t *testing.T, s agent.DynamicSpec, c *weir.Config, in any) (any, error) {
	t.Helper()
	r, err := execute(t, weir.Dynamic(agent.Dynamic("ask", s)).With(retry.UpTo(1)), c, in)
	return r.Output, err
}

func TestDynamicGivesTextOrData(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		schema, text string
		want         any
	}{
		{``, "plain {text}", "plain {text}"},
		{`{"type":"string","description":"a haiku"}`, "plain", "plain"},
		{`{"type":"object","properties":{"n":{"type":"integer"}}}`, `{"n":3,"f":1.5,"l":[null,true]}`,
			map[string]any{"n": int64(3), "f": 1.5, "l": []any{nil, true}}},
		{`{"properties":{"n":{"type":"integer"}}}`, `{"n":3}`, map[string]any{"n": int64(3)}},
		{`{"type":"array","items":{"type":"string"}}`, `{"value":["a"]}`, []any{"a"}},
		{`{"type":"integer","minimum":1}`, `{"value":7}`, int64(7)},
		{`{"type":"string","minLength":1}`, `{"value":"x"}`, "x"},
		{`{"type":["object","null"]}`, `{"value":null}`, nil},
		{`{"$ref":"#/$defs/n","$defs":{"n":{"type":"integer"}}}`, `{"value":7}`, int64(7)},
	} {
		got, err := dynamic(t, agent.DynamicSpec{Model: modeltest.Script(t, c.text), Schema: json.RawMessage(c.schema), Reask: -1}, nil, "hi")
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %s: output %#v, err = %v; want %#v", c.schema, c.text, got, err, c.want)
		}
	}
}

func TestDynamicPromptsAreRendered(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, "a", "b")
	s := agent.DynamicSpec{
		ModelName: "local:a",
		System:    value(func(v spec.Vars) (any, error) { return "You grade " + v[spec.VarPrevious].(string), nil }),
		Prompt:    value(func(v spec.Vars) (any, error) { return map[string]any{"text": v[spec.VarPrevious]}, nil }),
	}
	c := &weir.Config{Models: model.Models{"local:a": m}}
	if _, err := dynamic(t, s, c, "essays"); err != nil {
		t.Fatal(err)
	}
	if r := m.Requests()[0]; r.System != "You grade essays" || said(r) != `{"text":"essays"}` {
		t.Errorf("asked %+v", r)
	}
	s.System, s.Prompt = spec.Value{}, spec.Value{}
	if _, err := dynamic(t, s, c, []any{int64(1), "x"}); err != nil {
		t.Fatal(err)
	}
	if r := m.Requests()[1]; r.System != "" || said(r) != `[1,"x"]` {
		t.Errorf("asked %+v", r)
	}
}

func TestDynamicPromptThatFailsAsksNothing(t *testing.T) {
	t.Parallel()
	for _, p := range []template{
		func(spec.Vars) (any, error) { return nil, errors.New("no such key") },
		func(spec.Vars) (any, error) { return nil, nil },
	} {
		_, err := dynamic(t, agent.DynamicSpec{Model: modeltest.Script(t), System: value(p)}, nil, "hi")
		if plan.CodeOf(err) != plan.CodePrompt || !strings.Contains(err.Error(), "system prompt") {
			t.Errorf("err = %v", err)
		}
	}
}

func TestAnswersAreJudgedByAWrittenSchema(t *testing.T) {
	t.Parallel()
	const schema = `{"type":"object","properties":{"items":{"type":"array","items":{"$ref":"#/$defs/item"}}},"required":["name"],
		"$defs":{"item":{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]}}}`
	s := agent.DynamicSpec{Model: modeltest.Script(t, `{"items":[{"n":0},{"n":"x"},{}]}`), Schema: json.RawMessage(schema), Reask: -1}
	_, err := dynamic(t, s, nil, "hi")
	e, ok := errors.AsType[*agent.OutputError](err)
	if !ok || !invalid(err) {
		t.Fatalf("err = %v", err)
	}
	want := []string{"the answer: required", "items[0].n: minimum", "items[1].n: type", "items[2]: required"}
	if len(e.Problems) != len(want) {
		t.Fatalf("problems %q, want %q", e.Problems, want)
	}
	for i := range want {
		if !strings.HasPrefix(e.Problems[i], want[i]) {
			t.Errorf("problem %q, want %q", e.Problems[i], want[i])
		}
	}
}

func TestSchemaIsSentWithItsReferencesUnfolded(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, `{"n":1}`)
	schema := `{"properties":{"n":{"$ref":"#/$defs/n","description":"how many"}},"$defs":{"n":{"type":"integer"}}}`
	if _, err := dynamic(t, agent.DynamicSpec{Model: m, Schema: json.RawMessage(schema)}, nil, "hi"); err != nil {
		t.Fatal(err)
	}
	const want = `{"type":"object","properties":{"n":{"type":"integer","description":"how many"}}}`
	if got := string(m.Requests()[0].Schema.JSON); !sameJSON(t, got, want) {
		t.Errorf("sent %s, want %s", got, want)
	}
}

func TestSchemasThatCannotBeCheckedAreRefused(t *testing.T) {
	t.Parallel()
	for part, schema := range map[string]string{
		"recursive":                 `{"type":"object","properties":{"next":{"$ref":"#"}}}`,
		"the schema of the answer:": `{"type":"object","properties":{"a":{"pattern":"("}}}`,
	} {
		err := refused(t, weir.Dynamic(agent.Dynamic("ask", agent.DynamicSpec{Model: modeltest.Script(t), Schema: json.RawMessage(schema)})), nil)
		if plan.CodeOf(err) != plan.CodeConfig || !strings.Contains(err.Error(), part) || !strings.Contains(err.Error(), "ask") {
			t.Errorf("%.80s: err = %.300v, want one that says %q", schema, err, part)
		}
	}
}

func TestInlineAgentMakesASpec(t *testing.T) {
	t.Parallel()
	a := agent.NewInline()
	a.Model, a.SystemPrompt = "local:a", value(func(spec.Vars) (any, error) { return "You grade.", nil })
	a.OutputSchema = map[string]any{"type": "object", "properties": map[string]any{"n": map[string]any{"type": "integer"}}}
	a.Settings = map[string]any{"temperature": 0, "effort": "low"}
	a.Timeout = time.Second
	s, err := a.DynamicSpec()
	if err != nil {
		t.Fatal(err)
	}
	m := modeltest.Script(t, "prose", `{"n":1}`)
	out, err := dynamic(t, s, &weir.Config{Models: model.Models{"local:a": m}}, "hi")
	if err != nil || !reflect.DeepEqual(out, map[string]any{"n": int64(1)}) {
		t.Errorf("output %v, err = %v", out, err)
	}
	if got := m.Requests()[0].Settings; got.Temperature != model.Set(0.0) || got.Extra["effort"] != "low" {
		t.Errorf("settings %+v", got)
	}
	a.MaxRetries = 0
	if s, err = a.DynamicSpec(); err != nil || s.Reask >= 0 {
		t.Errorf("max_retries 0 gives Reask %d, %v", s.Reask, err)
	}
	if s.NoStream {
		t.Error("an agent does not stream unless it is asked to")
	}
	a.Stream = false
	if s, err = a.DynamicSpec(); err != nil || !s.NoStream {
		t.Errorf("stream: false gives NoStream %t, %v", s.NoStream, err)
	}
}

func TestInlineAgentTellsEveryMistake(t *testing.T) {
	t.Parallel()
	a := &agent.Inline{
		OutputSchema: map[string]any{"type": "array", "items": []any{}}, Settings: map[string]any{"top_p": "x"},
		Timeout: -1, MaxRetries: -1,
	}
	_, err := a.DynamicSpec()
	if plan.CodeOf(err) != plan.CodeConfig {
		t.Fatalf("err = %v", err)
	}
	for _, part := range []string{"model: ", "max_retries: ", "timeout: ", "model_settings: top_p: ", "output_schema: "} {
		if !strings.Contains("\n"+err.Error(), "\n"+part) {
			t.Errorf("the error does not say %q:\n%v", part, err)
		}
	}
}
