package agent_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/usage"
)

// once is a spec that sends nothing back.
func once(m model.Model) agent.Spec[string] { return agent.Spec[string]{Model: m, Reask: -1} }

func TestAnswerIsFoundInWhatTheModelWrote(t *testing.T) {
	t.Parallel()
	const good = `{"title":"x } \" { y","score":1}`
	for name, text := range map[string]string{
		"bare":                   " \n" + good + "\n",
		"fenced":                 "Sure!\n```json\n" + good + "\n```\nAnything else?",
		"fenced on one line":     "```" + good + "```",
		"second fence":           "```\nnot json\n```\n```json\n" + good + "\n```",
		"in prose":               "The result is " + good + ". Good luck!",
		"behind another value":   "As in [1] and {\"a\": 2}, the result is " + good,
		"behind broken JSON":     "{oops} {\"title\": } [ " + good,
		"fence with a fence":     "```json\n{\"title\":\"x } \\\" { y\",\"score\":1,\"tags\":[\"```\"]}\n```",
		"fence after an example": "For example {\"title\":\"old\",\"score\":0}:\n```json\n" + good + "\n```",
		"a whole number":         `{"title":"x } \" { y","score":1.0}`,
	} {
		r, err := execute(t, agent.New[report]("grade", once(modeltest.Script(t, text))).With(retry.UpTo(1)), nil, "hi")
		if err != nil || r.Output.Title != "x } \" { y" || r.Output.Score != 1 {
			t.Errorf("%s: output %+v, err = %v", name, r.Output, err)
		}
	}
}

func TestProseIsSentBackOnceAndThenFails(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, "I would say it is rather good.", "As I said: good.")
	r, err := execute(t, agent.New[report]("grade", agent.Spec[string]{Model: m}).With(retry.UpTo(1)), nil, "hi")
	e, ok := errors.AsType[*agent.OutputError](err)
	if !ok || !invalid(err) || e.Answer != "As I said: good." || len(e.Problems) != 1 || plan.Final(err) {
		t.Fatalf("err = %v (%T)", err, err)
	}
	if m.Asked() != 2 || r.Usage.Requests != 2 {
		t.Errorf("asked %d times, usage %+v; want 2 questions, both counted", m.Asked(), r.Usage)
	}
	again := m.Requests()[1]
	if len(again.Messages) != 3 || again.Messages[1] != (model.Message{Role: model.RoleAssistant, Content: "I would say it is rather good."}) ||
		!strings.Contains(said(again), "there is no JSON value in it") || again.Schema == nil {
		t.Errorf("sent back: %+v", again)
	}
}

func TestProblemsAreThoseOfTheLongestValue(t *testing.T) {
	t.Parallel()
	text := `As in [1], it is {"title":7,"score":1}, see [2].`
	_, err := execute(t, agent.New[report]("grade", once(modeltest.Script(t, text))).With(retry.UpTo(1)), nil, "hi")
	if e, ok := errors.AsType[*agent.OutputError](err); !ok || len(e.Problems) != 1 || !strings.HasPrefix(e.Problems[0], "title: ") {
		t.Errorf("err = %v", err)
	}
}

func TestSentBackAnswerMayBeMended(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, `{"title":7,"score":"high","mood":"good"}`, `{"title":"x","score":3}`)
	r, err := execute(t, agent.New[report]("grade", agent.Spec[string]{Model: m}), nil, "hi")
	if err != nil || r.Output.Score != 3 || r.Steps[0].Attempts() != 1 {
		t.Errorf("output %+v after %d attempts, err = %v", r.Output, r.Steps[0].Attempts(), err)
	}
	for _, part := range []string{"mood", "- title: ", "- score: ", `want "integer"`} {
		if !strings.Contains(said(m.Requests()[1]), part) {
			t.Errorf("what was sent back does not say %q:\n%s", part, said(m.Requests()[1]))
		}
	}
}

func TestReaskCounts(t *testing.T) {
	t.Parallel()
	for reask, want := range map[int]int{-1: 1, 0: 2, 1: 2, 3: 4} {
		m := modeltest.Script(t, make([]string, want)...)
		_, err := execute(t, agent.New[report]("grade", agent.Spec[string]{Model: m, Reask: reask}).With(retry.UpTo(1)), nil, "hi")
		if !invalid(err) || m.Asked() != want {
			t.Errorf("Reask %d: asked %d times, want %d; err = %v", reask, m.Asked(), want, err)
		}
	}
}

func TestFailedAnswerIsRetriedFromTheStart(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, "prose", "prose", `{"title":"x","score":3}`)
	r, err := execute(t, agent.New[report]("grade", agent.Spec[string]{Model: m}), nil, "hi")
	if err != nil || r.Output.Score != 3 || len(m.Requests()[2].Messages) != 1 {
		t.Errorf("output %+v, err = %v, third question %+v", r.Output, err, m.Requests()[2])
	}
}

func TestChecksJudgeTheOutput(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, `{"title":"","score":11}`, `{"title":"x","score":3}`)
	titled := func(r report) error {
		if r.Title == "" {
			return errors.New("the title is empty")
		}
		return nil
	}
	small := func(r report) error {
		if r.Score > 10 {
			return fmt.Errorf("the score %d is above 10", r.Score)
		}
		return nil
	}
	r, err := execute(t, agent.New("grade", agent.Spec[string]{Model: m}, titled, nil, small), nil, "hi")
	if err != nil || r.Output.Score != 3 {
		t.Errorf("output %+v, err = %v", r.Output, err)
	}
	if text := said(m.Requests()[1]); !strings.Contains(text, "- the title is empty\n- the score 11 is above 10\n") {
		t.Errorf("sent back: %s", text)
	}
}

func TestCheckOfATextIsSentBackWithoutAWordOfJSON(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, "far too long", "ok")
	short := func(s string) error {
		if len(s) > 5 {
			return errors.New("use at most 5 letters")
		}
		return nil
	}
	r, err := execute(t, agent.New("ask", agent.Spec[string]{Model: m}, short), nil, "hi")
	if text := said(m.Requests()[1]); err != nil || r.Output != "ok" || !strings.Contains(text, "use at most 5 letters") || strings.Contains(text, "JSON") {
		t.Errorf("output %q, err = %v, sent back: %s", r.Output, err, text)
	}
}

func TestAnswerThatWasCutSaysSo(t *testing.T) {
	t.Parallel()
	m := modeltest.Replies(t, modeltest.Reply{Text: `{"title":"a very lo`, Finish: model.FinishLength}, modeltest.Reply{Text: `{"title":"x","score":1}`})
	if _, err := execute(t, agent.New[report]("grade", agent.Spec[string]{Model: m}), nil, "hi"); err != nil {
		t.Fatal(err)
	}
	if text := said(m.Requests()[1]); !strings.Contains(text, "cut at its greatest length") {
		t.Errorf("sent back: %s", text)
	}
}

func TestHostileAnswersAreRefusedWithShortTexts(t *testing.T) {
	t.Parallel()
	for part, text := range map[string]string{
		"longer than 1024 KiB":    `{"title":"` + strings.Repeat("x", 2<<20) + `","score":1}`,
		"nests deeper than 100":   `{"title":"x","score":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
		"no JSON value":           strings.Repeat("[", 1<<20),
		"is too large":            `{"title":"x","score":1e999}`,
		"and 1 more":              `{"title":1,"score":"","tags":[` + strings.TrimSuffix(strings.Repeat("1,", 500), ",") + `]}`,
		"there is no JSON":        "",
		"tags[1]: ":               `{"title":"x","score":1,"tags":["a",{"b":"` + strings.Repeat("y", 100_000) + `"}]}`,
		`unexpected additional`:   `{"title":"x","score":1,"` + strings.Repeat("k", 100_000) + `":1}`,
		`missing properties: ["t`: `{"score":9007199254740993}`,
	} {
		_, err := execute(t, agent.New[report]("grade", once(modeltest.Script(t, text))).With(retry.UpTo(1)), nil, "hi")
		if !invalid(err) || !strings.Contains(err.Error(), part) {
			t.Errorf("err = %.300v, want one that says %q", err, part)
		}
		if err != nil && len(err.Error()) > (21+2)*320 {
			t.Errorf("the error of %q has %d bytes", part, len(err.Error()))
		}
	}
}

func TestValueInsideAnotherIsNotTakenForTheAnswer(t *testing.T) {
	t.Parallel()
	text := `The result: {"result":{"title":"x","score":1}}`
	if r, err := execute(t, agent.New[report]("grade", once(modeltest.Script(t, text))).With(retry.UpTo(1)), nil, "hi"); !invalid(err) {
		t.Errorf("output %+v, err = %v", r.Output, err)
	}
}

func TestBracketsInsideTextAreNoDepth(t *testing.T) {
	t.Parallel()
	text := `{"title":"\"` + strings.Repeat("[", 200) + `","score":1}`
	if _, err := execute(t, agent.New[report]("grade", once(modeltest.Script(t, text))).With(retry.UpTo(1)), nil, "hi"); err != nil {
		t.Error(err)
	}
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	r, err := execute(t, agent.New[report]("grade", once(modeltest.Script(t, `{"title":"x","score":9007199254740993}`))), nil, "hi")
	if err != nil || r.Output.Score != 9007199254740993 {
		t.Errorf("output %+v, err = %v", r.Output, err)
	}
}

// place has a JSON form of its own.
type place struct{ at string }

func (p *place) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		return errors.New("a place is empty")
	}
	p.at = string(b)
	return nil
}

// mixed has fields whose JSON form is not their Go form.
type mixed struct {
	Raw   json.RawMessage `json:"raw"`
	N     json.Number     `json:"n"`
	Bytes []byte          `json:"bytes"`
	At    time.Time       `json:"at"`
	Addr  netip.Addr      `json:"addr"`
	Place *place          `json:"place"`
}

func TestTypesWithAJSONFormOfTheirOwn(t *testing.T) {
	t.Parallel()
	text := `{"raw":[1,{"a":2}],"n":1.50,"bytes":"aGk=","at":"2026-01-02T03:04:05Z","addr":"10.0.0.1","place":"here"}`
	r, err := execute(t, agent.New[mixed]("ask", once(modeltest.Script(t, text))).With(retry.UpTo(1)), nil, "hi")
	if err != nil {
		t.Fatal(err)
	}
	o := r.Output
	if string(o.Raw) != `[1,{"a":2}]` || o.N != "1.50" || string(o.Bytes) != "hi" || o.At.Year() != 2026 || o.Addr.String() != "10.0.0.1" || o.Place.at != "here" {
		t.Errorf("output %+v", o)
	}
	text = `{"raw":1,"n":1,"bytes":"","at":"today","addr":"10.0.0.1","place":"here"}`
	if _, err := execute(t, agent.New[mixed]("ask", once(modeltest.Script(t, text))).With(retry.UpTo(1)), nil, "hi"); !invalid(err) {
		t.Errorf("a time that is none passes: %v", err)
	}
	text = strings.Replace(text, `"today"`, `7`, 1)
	if _, err := execute(t, agent.New[mixed]("ask", once(modeltest.Script(t, text))).With(retry.UpTo(1)), nil, "hi"); err == nil || !strings.Contains(err.Error(), "at: type") {
		t.Errorf("the schema of a time takes a number: %v", err)
	}
}

func TestOutputThatIsNoObjectTravelsInOne(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"value":[1,2]}`, `[1,2]`, "Here: [1,2]"} {
		m := modeltest.Script(t, text)
		r, err := execute(t, agent.New[[]int]("list", once(m)), nil, "hi")
		if err != nil || !reflect.DeepEqual(r.Output, []int{1, 2}) {
			t.Errorf("%s: output %v, err = %v", text, r.Output, err)
		}
		if !strings.Contains(string(m.Requests()[0].Schema.JSON), `"value"`) {
			t.Errorf("schema %s", m.Requests()[0].Schema.JSON)
		}
	}
	if r, err := execute(t, agent.New[bool]("yes", once(modeltest.Script(t, `{"value":true}`))), nil, "hi"); err != nil || !r.Output {
		t.Errorf("output %v, err = %v", r.Output, err)
	}
	if r, err := execute(t, agent.New[map[string]int]("count", once(modeltest.Script(t, `{"value":3}`))), nil, "hi"); err != nil || r.Output["value"] != 3 {
		t.Errorf("output %v, err = %v", r.Output, err)
	}
}

func TestTypeWithoutASchemaDoesNotCompile(t *testing.T) {
	t.Parallel()
	type list struct{ Next *list }
	err := refused(t, agent.New[list]("ask", once(modeltest.Script(t))), nil)
	if !strings.Contains(err.Error(), "list") || !strings.Contains(err.Error(), "give Spec.Schema") {
		t.Errorf("err = %v", err)
	}
	refused(t, agent.New[chan int]("ask", once(modeltest.Script(t))), nil)
}

func TestGivenSchemaTakesThePlaceOfTheInferredOne(t *testing.T) {
	t.Parallel()
	s := once(modeltest.Script(t, `{"value":"red"}`, `{"value":"blue"}`))
	s.Schema = json.RawMessage(`{"type":"string","enum":["red","green"]}`)
	step := agent.New[string]("colour", s).With(retry.UpTo(1))
	if r, err := execute(t, step, nil, "hi"); err != nil || r.Output != "red" {
		t.Errorf("output %q, err = %v", r.Output, err)
	}
	if _, err := execute(t, step, nil, "hi"); !invalid(err) {
		t.Errorf("err = %v", err)
	}
	s = once(modeltest.Script(t, `{"value":"10.0.0.1"}`))
	s.Schema = json.RawMessage(`{"type":"string"}`)
	if r, err := execute(t, agent.New[netip.Addr]("address", s), nil, "hi"); err != nil || r.Output.String() != "10.0.0.1" {
		t.Errorf("output %v, err = %v", r.Output, err)
	}
}

func TestUsageIsPricedAndReportedForEachCall(t *testing.T) {
	t.Parallel()
	used := usage.Usage{Requests: 1, InputTokens: 1000, OutputTokens: 100}
	m := modeltest.Replies(t,
		modeltest.Reply{Err: &model.Error{Usage: used}},
		modeltest.Reply{Text: "prose", Usage: used},
		modeltest.Reply{Text: `{"title":"x","score":1}`, Usage: usage.Usage{InputTokens: 1, Cost: 77}})
	c := &weir.Config{Prices: usage.Prices{"script:script": {Input: 1_000_000, Output: 2_000_000}}}
	r, err := execute(t, agent.New[report]("grade", agent.Spec[string]{Model: m}), c, "hi")
	want := usage.Usage{Requests: 3, InputTokens: 2001, OutputTokens: 200, Cost: 2*1200 + 77}
	if err != nil || r.Usage != want {
		t.Errorf("usage = %+v, err = %v; want %+v", r.Usage, err, want)
	}
}
