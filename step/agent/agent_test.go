package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/usage"
)

func TestB002_FailingModelIsAskedTwice(t *testing.T) {
	t.Parallel()
	m := modeltest.Replies(t, modeltest.Reply{Err: errors.New("no")}, modeltest.Reply{Err: errors.New("no")})
	r, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Model: m}), nil, "hi")
	if err == nil || m.Asked() != 2 || r.Steps[0].Attempts() != 2 {
		t.Errorf("err = %v after %d questions in %d attempts, want 2", err, m.Asked(), r.Steps[0].Attempts())
	}
}

func TestB002_BackoffIsForRateLimitAndOverloadOnly(t *testing.T) {
	t.Parallel()
	for class, waits := range map[plan.Class]bool{plan.ClassRateLimit: true, plan.ClassOverload: true, plan.ClassNetwork: false, plan.ClassNone: false} {
		synctest.Test(t, func(t *testing.T) {
			m := modeltest.Replies(t, modeltest.Reply{Err: &model.Error{Class: class}}, modeltest.Reply{Text: "ok"})
			begun := time.Now()
			_, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Model: m}), nil, "hi")
			if waited := time.Since(begun) > 0; err != nil || waited != waits {
				t.Errorf("%q: waited %v, err = %v; want waiting %t", class, time.Since(begun), err, waits)
			}
		})
	}
}

func TestB016_StepWithoutAModelDoesNotCompile(t *testing.T) {
	t.Parallel()
	known := &weir.Config{Models: model.Models{"local:a": modeltest.Script(t)}}
	for part, c := range map[string]struct {
		spec   agent.Spec[string]
		config *weir.Config
	}{
		"no model to ask":         {agent.Spec[string]{}, known},
		"no models are known":     {agent.Spec[string]{Name: "local:a"}, nil},
		`no model "local:b"`:      {agent.Spec[string]{Name: "local:b"}, known},
		"there are local:a":       {agent.Spec[string]{Name: "local:b"}, known},
		`gave no model`:           {agent.Spec[string]{Name: "x"}, &weir.Config{Models: registry{}}},
		`model "x": out of order`: {agent.Spec[string]{Name: "x"}, &weir.Config{Models: registry{errors.New("out of order")}}},
	} {
		err := refused(t, agent.New[string]("ask", c.spec), c.config)
		if !errors.Is(err, plan.ErrMissingAgent) || !strings.Contains(err.Error(), part) || !strings.Contains(err.Error(), "ask") {
			t.Errorf("err = %v, want one of code %s that says %q", err, plan.CodeMissingAgent, part)
		}
	}
}

// registry gives no model, and perhaps an error.
type registry struct{ err error }

func (r registry) Model(string) (model.Model, error) { return nil, r.err }

func TestModelIsFoundByItsName(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, "hello")
	r, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Name: "local:a"}), &weir.Config{Models: model.Models{"local:a": m}}, "hi")
	if err != nil || r.Output != "hello" {
		t.Errorf("output %q, err = %v", r.Output, err)
	}
}

func TestB022_TwoFailuresThenAnAnswer(t *testing.T) {
	t.Parallel()
	no := modeltest.Reply{Err: errors.New("no")}
	m := modeltest.Replies(t, no, no, modeltest.Reply{Text: "ok"})
	r, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Model: m}).With(retry.UpTo(3)), nil, "hi")
	if err != nil || r.Output != "ok" || r.Steps[0].Attempts() != 3 || m.Asked() != 3 {
		t.Errorf("output %q after %d questions in %d attempts, err = %v", r.Output, m.Asked(), r.Steps[0].Attempts(), err)
	}
}

func TestB023_AlwaysFailingModelFailsTheStep(t *testing.T) {
	t.Parallel()
	cause := &model.Error{Class: plan.ClassNetwork, Provider: "openai", Text: "no route"}
	r, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Model: failing(cause)}).With(retry.UpTo(3)), nil, "hi")
	e, ok := errors.AsType[*plan.StepError](err)
	if !ok || e.Path != "ask" || e.Kind != "agent" || e.Attempt != 3 || e.Code != plan.CodeModel || !errors.Is(err, cause) {
		t.Errorf("err = %+v", err)
	}
	if r.Steps[0].Attempts() != 3 || r.Output != "" {
		t.Errorf("%d attempts, output %q", r.Steps[0].Attempts(), r.Output)
	}
}

func TestB024_ModelThatNeverAnswersTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := modeltest.Replies(t, modeltest.Reply{Delay: modeltest.Forever}, modeltest.Reply{Delay: time.Second})
		begun := time.Now()
		_, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Model: m}).With(retry.UpTo(2), timeout.After(50*time.Millisecond)), nil, "hi")
		if !errors.Is(err, plan.ErrTimeout) || m.Asked() != 2 || time.Since(begun) != 100*time.Millisecond {
			t.Errorf("err = %v after %d questions and %v", err, m.Asked(), time.Since(begun))
		}
	})
}

func TestModelThatNeverAnswersEndsWithTheCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := modeltest.Replies(t, modeltest.Reply{Delay: modeltest.Forever})
		p, err := weir.Compile(agent.New[string]("ask", agent.Spec[string]{Model: m}), nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err = p.Run(ctx, "hi"); !errors.Is(err, plan.ErrCanceled) || m.Asked() != 1 {
			t.Errorf("err = %v after %d questions, want cancellation and 1", err, m.Asked())
		}
	})
}

func TestB029_ModelThatAnswersNothingSucceedsWithNothing(t *testing.T) {
	t.Parallel()
	nothing := model.Func(func(context.Context, *model.Request) (*model.Response, error) { return nil, nil })
	step := weir.Then(weir.Dynamic(agent.Dynamic("ask", agent.DynamicSpec{Model: nothing})),
		weir.Func("next", func(_ context.Context, in any) (bool, error) { return in == nil, nil }))
	r, err := execute(t, step, nil, any("hi"))
	if err != nil || !r.Output {
		t.Errorf("the next step got nil: %t, err = %v", r.Output, err)
	}
	typed, err := execute(t, agent.New[*report]("ask", agent.Spec[string]{Model: nothing}), nil, "hi")
	if err != nil || typed.Output != nil || typed.Usage.Requests != 1 {
		t.Errorf("output %v, usage %+v, err = %v", typed.Output, typed.Usage, err)
	}
}

func TestB031_SettingsAreSentOnlyWhenSet(t *testing.T) {
	t.Parallel()
	for _, settings := range []model.Settings{{}, {Temperature: model.Set(0.0)}} {
		m := modeltest.Script(t, "ok")
		if _, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Model: m, Settings: settings}), nil, "hi"); err != nil {
			t.Fatal(err)
		}
		if got := m.Requests()[0].Settings.Temperature; got != settings.Temperature {
			t.Errorf("the model was asked with the temperature %+v, want %+v", got, settings.Temperature)
		}
	}
}

func TestBadSettingsDoNotCompile(t *testing.T) {
	t.Parallel()
	s := agent.Spec[string]{Model: modeltest.Script(t), Settings: model.Settings{TopP: model.Set(7.0)}}
	if err := refused(t, agent.New[string]("ask", s), nil); !strings.Contains(err.Error(), "top_p is 7") {
		t.Errorf("err = %v", err)
	}
}

func TestB144_TextWithoutMetricsCountsOneTokenAndNoMoney(t *testing.T) {
	t.Parallel()
	m := model.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return &model.Response{Text: "hello"}, nil
	})
	r, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Model: m}), &weir.Config{Prices: usage.Prices{"*": {Output: 1 << 40}}}, "hi")
	if want := (usage.Usage{Requests: 1, OutputTokens: 1}); err != nil || r.Usage != want {
		t.Errorf("usage = %+v, err = %v; want %+v", r.Usage, err, want)
	}
}

func TestQuestionIsMadeOfTheInput(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, "a", "b", "c")
	spec := agent.Spec[report]{Model: m, System: "Be brief."}
	if _, err := execute(t, agent.New[string]("ask", spec), nil, report{Title: "a<b", Score: 1}); err != nil {
		t.Fatal(err)
	}
	spec.Prompt = func(_ context.Context, in report) (string, error) { return "Rate " + in.Title, nil }
	if _, err := execute(t, agent.New[string]("ask", spec), nil, report{Title: "x"}); err != nil {
		t.Fatal(err)
	}
	if _, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Model: m}), nil, "as it is\n"); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`{"title":"a<b","score":1}`, "Rate x", "as it is\n"} {
		if r := m.Requests()[i]; said(r) != want || len(r.Messages) != 1 || r.Schema != nil || (i < 2) != (r.System == "Be brief.") {
			t.Errorf("question %d: %+v, want %q", i, r, want)
		}
	}
}

func TestQuestionThatCannotBeMadeAsksNothing(t *testing.T) {
	t.Parallel()
	broken := errors.New("no such template")
	m := modeltest.Script(t)
	for part, s := range map[string]weir.Step[func(), string]{
		"no such template":  agent.New[string]("ask", agent.Spec[func()]{Model: m, Prompt: func(context.Context, func()) (string, error) { return "", broken }}),
		"cannot be written": agent.New[string]("ask", agent.Spec[func()]{Model: m}),
		"neither a system":  agent.New[string]("ask", agent.Spec[func()]{Model: m, Prompt: func(context.Context, func()) (string, error) { return "", nil }}),
	} {
		r, err := execute(t, s, nil, func() {})
		if plan.CodeOf(err) != plan.CodePrompt || !strings.Contains(err.Error(), part) || r.Steps[0].Attempts() != 1 {
			t.Errorf("err = %v after %d attempts; want code %s after 1", err, r.Steps[0].Attempts(), plan.CodePrompt)
		}
	}
}

func TestErrorOfAPromptThatNobodyMaySwallowPassesAsItIs(t *testing.T) {
	t.Parallel()
	s := agent.Spec[string]{Model: modeltest.Script(t), Prompt: func(context.Context, string) (string, error) { return "", plan.ErrAborted }}
	if _, err := execute(t, agent.New[string]("ask", s), nil, "hi"); !errors.Is(err, plan.ErrAborted) || errors.Is(err, &plan.Error{Code: plan.CodePrompt}) {
		t.Errorf("err = %v", err)
	}
}

func TestSchemaOfTheOutputIsSent(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, `{"title":"x","score":1}`)
	if _, err := execute(t, agent.New[report]("grade it", agent.Spec[string]{Model: m}), nil, "hi"); err != nil {
		t.Fatal(err)
	}
	sent := m.Requests()[0].Schema
	const want = `{"type":"object","properties":{"title":{"type":"string"},"score":{"type":"integer"},` +
		`"tags":{"type":["null","array"],"items":{"type":"string"}}},"required":["title","score"],"additionalProperties":false}`
	if sent == nil || sent.Name != "grade it" || !sent.Strict || !sameJSON(t, string(sent.JSON), want) {
		t.Errorf("schema = %+v %s", sent, sent.JSON)
	}
}

// sameJSON compares two texts as JSON.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal([]byte(a), &x), json.Unmarshal([]byte(b), &y)); err != nil {
		t.Fatal(err)
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q)
}

func TestStepDoesNotSeeLaterChangesOfItsSettings(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, "ok")
	settings := model.Settings{Extra: map[string]any{"effort": "low"}}
	step := agent.New[string]("ask", agent.Spec[string]{Model: m, Settings: settings})
	settings.Extra["effort"] = "high"
	if _, err := execute(t, step, nil, "hi"); err != nil || m.Requests()[0].Settings.Extra["effort"] != "low" {
		t.Errorf("sent %v, err = %v", m.Requests()[0].Settings.Extra, err)
	}
}

func TestInputOfTheWrongTypeIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	spec := agent.Spec[string]{Model: modeltest.Script(t), Prompt: func(_ context.Context, in string) (string, error) { return in, nil }}
	wrong := weir.Func("number", func(context.Context, any) (any, error) { return 7, nil })
	r, err := execute(t, weir.Then(wrong, weir.Of[any, string](agent.New[string]("ask", spec).Written())), nil, any("hi"))
	if plan.CodeOf(err) != plan.CodeType || r.Steps[1].Attempts() != 1 {
		t.Errorf("err = %v after %d attempts", err, r.Steps[1].Attempts())
	}
}

func TestModelThatAnsweredIsPricedBeforeTheOneThatWasAsked(t *testing.T) {
	t.Parallel()
	m := named{model.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return &model.Response{Text: "a", Model: "answered-2026-01-01", Usage: usage.Usage{InputTokens: 1_000_000}}, nil
	})}
	for _, c := range []struct {
		prices usage.Prices
		want   int64
	}{
		{usage.Prices{"answered": {Input: 5}, "asked": {Input: 7}}, 5},
		{usage.Prices{"local:asked": {Input: 7}}, 7},
		{usage.Prices{"other": {Input: 7}}, 0},
	} {
		r, err := execute(t, agent.New[string]("ask", agent.Spec[string]{Model: m}), &weir.Config{Prices: c.prices}, "hi")
		if err != nil || r.Usage.Cost != c.want {
			t.Errorf("%v: cost %d, err = %v; want %d", c.prices, r.Usage.Cost, err, c.want)
		}
	}
}

// named is a model with a name.
type named struct{ model.Model }

func (named) Provider() string { return "local" }
func (named) Name() string     { return "asked" }
