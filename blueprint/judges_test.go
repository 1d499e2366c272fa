package blueprint

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/kinds"
)

// judging are functions that judge drafts: maps with a text.
func judging() map[string]plan.Op {
	return map[string]plan.Op{
		"draft": Func(func(_ context.Context, in any) (map[string]any, error) {
			return map[string]any{"text": in, "by": "draft"}, nil
		}),
		"expert": Func(func(_ context.Context, in any) (map[string]any, error) {
			return map[string]any{"text": in, "by": "expert"}, nil
		}),
		"now": Supply(func(context.Context) (string, error) { return "noon", nil }),
		"route": Func(func(_ context.Context, d map[string]any) (plugin.Outcome, error) {
			if d["by"] == "draft" && d["text"] == "hard" {
				return plugin.Outcome{RedirectTo: "expert"}, nil
			}
			return plugin.Pass(), nil
		}),
		"rude": Func(func(_ context.Context, d map[string]any) (plugin.Outcome, error) {
			if d["text"] == "rude" {
				return plugin.Fail("it is rude"), nil
			}
			return plugin.Pass(), nil
		}),
		"sign": Func(func(_ context.Context, d map[string]any) (map[string]any, error) {
			return map[string]any{"text": d["text"], "by": d["by"], "signed": true}, nil
		}),
		"short": Func(func(_ context.Context, d map[string]any) (string, error) {
			if len(d["text"].(string)) > 4 {
				return "it is too long", nil
			}
			return "", nil
		}),
		"signed": Func(func(_ context.Context, d map[string]any) (bool, error) { return d["signed"] == true, nil }),
	}
}

// judged runs a blueprint on an input.
func judged(t *testing.T, steps string, in any) (*weir.Result[any], error) {
	t.Helper()
	b, err := Load("in.yaml", []byte("version: 1\n"+steps), Options{Kinds: kinds.All(), Funcs: judging()})
	if err != nil {
		t.Fatal(err)
	}
	p, err := weir.Compile(weir.Dynamic(b.Step), &weir.Config{State: b.State})
	if err != nil {
		t.Fatal(err)
	}
	return p.Execute(t.Context(), in)
}

const judgedSteps = `
context: {log: {type: array}, checks: {type: array}}
steps:
  - name: write
    uses: fn:draft
    plugins:
      - fn:rude
      - {fn: sign, priority: -1}
      - {fn: route, priority: 5, redirect_to: {expert: {uses: fn:expert}}}
    validators: [fn:short, {name: is signed, fn: signed}, {name: has text, check: output.text != ""}]
    persist_feedback_to_context: log
    persist_validation_results_to: checks
`

func TestB046_ABlueprintsPluginsRedirectReplaceAndRefuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, by, wrong, log, checks string }{
		{"easy", "draft", "", "[]", "short=true is signed=true has text=true"},
		{"hard", "expert", "", "[]", "short=true is signed=true has text=true"},
		{"rude", "", "plugin validation failed: rude: it is rude", "[plugin validation failed: rude: it is rude]", ""},
		{"too long", "draft", "validation failed: short: it is too long", "[validation failed: short: it is too long]", "short=false is signed=true has text=true"},
	} {
		r, err := judged(t, judgedSteps, c.in)
		if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: error %v, want %q", c.in, err, c.wrong)
		}
		if out, _ := r.Output.(map[string]any); c.by != "" && (out["by"] != c.by || out["signed"] != true) {
			t.Errorf("%s: got %v, want it signed and by %s", c.in, r.Output, c.by)
		}
		log, _ := r.State.Get("log")
		list, _ := r.State.Get("checks")
		if got := wordsOf(list); text(log) != c.log || got != c.checks {
			t.Errorf("%s: kept %v and %s; want %s and %s", c.in, log, got, c.log, c.checks)
		}
	}
}

func text(v any) string {
	var all []string
	for _, one := range v.([]any) {
		all = append(all, one.(string))
	}
	return "[" + strings.Join(all, " ") + "]"
}

func wordsOf(v any) string {
	var all []string
	for _, one := range v.([]any) {
		m := one.(map[string]any)
		word := m["name"].(string) + "=false"
		if m["valid"] == true {
			word = m["name"].(string) + "=true"
		}
		all = append(all, word)
	}
	return strings.Join(all, " ")
}

func TestB053_AValidationStepOfABlueprintIsStrictUnlessItSaysOtherwise(t *testing.T) {
	t.Parallel()
	const steps = `
steps:
  - name: check
    uses: fn:draft
    config: {max_retries: 3}
    plugins: [fn:sign, fn:rude]
    validators: [{name: not rude, check: output.text != "rude"}, fn:signed]
    fallback: {uses: fn:expert}
    meta: {is_validation_step: true%s}
`
	r, err := judged(t, strings.Replace(steps, "%s", "", 1), "rude")
	if !errors.Is(err, weir.ErrValidation) || !strings.HasSuffix(err.Error(), `validation failed: rude: it is rude; not rude: not true: output.text != "rude"`) {
		t.Errorf("error %v", err)
	}
	if s, _ := r.Step("check/check"); s.Note("validation_passed") != false || s.Attempts() != 1 || r.Output != nil {
		t.Errorf("noted %v after %d attempts, output %v", s.Metadata(), s.Attempts(), r.Output)
	}
	r, err = judged(t, strings.Replace(steps, "%s", ", strict_validation: false", 1), "rude")
	if s, _ := r.Step("check/check"); err != nil || s.Note("validation_passed") != false || r.Output.(map[string]any)["signed"] != true {
		t.Errorf("got %v, %v, noted %v; want the signed draft", r.Output, err, s.Metadata())
	}
	r, err = judged(t, strings.Replace(steps, "%s", "", 1), "fine")
	if s, _ := r.Step("check/check"); err != nil || s.Note("validation_passed") != true {
		t.Errorf("got %v, %v, noted %v", r.Output, err, s.Metadata())
	}
}

func TestB008_AnAdapterSaysOfWhatItIsOne(t *testing.T) {
	t.Parallel()
	for meta, want := range map[string]string{
		"{is_adapter: true}":                                     "an adapter needs adapter_id",
		"{is_adapter: true, adapter_id: a}":                      "an adapter needs adapter_allow",
		"{is_adapter: true, adapter_id: a, adapter_allow: b}":    "",
		"{is_adapter: false}":                                    "",
		"{is_adapter: true, adapter_id: null, adapter_allow: b}": "an adapter needs adapter_id",
	} {
		_, err := Load("in.yaml", []byte("version: 1\nsteps: [{name: a, uses: fn:draft, meta: "+meta+"}]\n"), Options{Funcs: judging()})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", meta, err, want)
		}
	}
}

func TestB003_AScratchpadIsRefusedWhereItIsWritten(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		"steps: [{name: a, uses: fn:draft, sink_to: scratchpad.x}]",
		"context: {scratchpad: {type: object}}\nsteps: [{name: a, uses: fn:draft}]",
	} {
		if _, err := Load("in.yaml", []byte("version: 1\n"+doc+"\n"), Options{Funcs: judging()}); err == nil || !strings.Contains(err.Error(), "scratchpad") {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestB030_ARegisteredFunctionMayTakeNoInput(t *testing.T) {
	t.Parallel()
	if r, err := judged(t, "steps: [{name: when, uses: fn:now}]\n", 7); err != nil || r.Output != "noon" {
		t.Errorf("got %v, %v", r.Output, err)
	}
	late := Supply(func(context.Context) (time.Time, error) { return time.Time{}, errors.New("no clock") })
	if out, err := late(t.Context(), nil, nil); out != nil || err == nil {
		t.Errorf("got %v, %v", out, err)
	}
}
