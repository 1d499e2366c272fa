package modeltest

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// Exercise is the suite that every provider passes. open makes a model that talks to a new Server, with the API key Key and
// any model name. A model that is a model.Streamer goes through all of it twice, the second time streamed.
func Exercise(t *testing.T, open func(t *testing.T) (model.Model, *Server)) {
	t.Helper()
	exercise(t, "", open)
	m, _ := open(t)
	if _, ok := m.(model.Streamer); !ok {
		return
	}
	exercise(t, "streamed: ", func(t *testing.T) (model.Model, *Server) {
		m, s := open(t)
		return collected{t, m.(model.Streamer)}, s
	})
	for name, test := range map[string]func(*testing.T, model.Streamer, *Server){
		"parts come in order":                 streamsInOrder,
		"parts come while the model answers":  streamsLive,
		"parts are whole wherever it is torn": streamsTorn,
		"a stream that breaks off fails":      streamsBroken,
		"stops when its taker has enough":     stopsOnTaker,
		"streams what it does not count":      streamsUnmetered,
	} {
		t.Run("stream: "+name, func(t *testing.T) {
			t.Parallel()
			m, s := open(t)
			test(t, m.(model.Streamer), s)
		})
	}
}

// exercise runs the suite for one way of asking.
func exercise(t *testing.T, way string, open func(t *testing.T) (model.Model, *Server)) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, model.Model, *Server){
		"gives the answer and its usage":           answers,
		"sends the conversation":                   sendsConversation,
		"B031 sends a setting only when it is set": sendsSettings,
		"sends the schema":                         sendsSchema,
		"returns prose as it is":                   returnsProse,
		"says that an answer was cut":              saysCut,
		"reports the usage of a refusal":           reportsRefusal,
		"reads Retry-After":                        readsRetryAfter,
		"keeps the key to itself":                  keepsKey,
		"refuses what it cannot send":              refusesRequest,
		"stops when it is cancelled":               stopsOnCancel,
		"stops at a deadline":                      stopsOnDeadline,
		"does not ask when already cancelled":      asksNothing,
		"may be used by several goroutines":        sharesModel,
		"changes nothing in the request":           leavesRequest,
	} {
		t.Run(way+name, func(t *testing.T) {
			t.Parallel()
			m, s := open(t)
			test(t, m, s)
		})
	}
	for _, c := range failures {
		t.Run(way+"class of "+string(c.fault), func(t *testing.T) {
			t.Parallel()
			m, s := open(t)
			fails(t, m, s, c)
		})
	}
}

// question is a plain request.
func question() *model.Request {
	return &model.Request{
		System:   "You are terse.",
		Messages: []model.Message{{Role: model.RoleUser, Content: "What is 6 × 7?"}},
	}
}

func answers(t *testing.T, m model.Model, s *Server) {
	used := usage.Usage{InputTokens: 20, CachedTokens: 8, OutputTokens: 9, ReasoningTokens: 4}
	s.Next(Answer{Text: "42", Usage: used})
	resp, err := m.Generate(t.Context(), question())
	if err != nil {
		t.Fatal(err)
	}
	used.Requests = 1
	used.Cost = resp.Usage.Cost // a provider may have prices
	if resp.Text != "42" || resp.Usage != used || resp.Finish != model.FinishStop {
		t.Errorf("answer = %+v, want 42 with %+v", resp, used)
	}
	if resp.Model == "" || resp.ID == "" {
		t.Errorf("the answer has no model or no id: %+v", resp)
	}
	if n, ok := m.(model.Named); !ok || n.Provider() == "" || n.Name() == "" {
		t.Error("the model does not say what it is called (model.Named)")
	}
}

func sendsConversation(t *testing.T, m model.Model, s *Server) {
	s.Next(Answer{Text: "ok"})
	r := question()
	r.Messages = append(r.Messages,
		model.Message{Role: model.RoleAssistant, Content: "Forty-two \"<&>\"\n\u2028 é 🙂"},
		model.Message{Role: model.RoleUser, Content: "In digits."})
	if _, err := m.Generate(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	got := s.wire.asked(s.Requests()[0])
	want := slices.Concat([]model.Message{{Role: model.RoleSystem, Content: r.System}}, r.Messages)
	if !slices.Equal(got.messages, want) {
		t.Errorf("messages = %+v, want %+v", got.messages, want)
	}
	if got.key != Key || got.model == "" {
		t.Errorf("key %q, model %q were sent", got.key, got.model)
	}
}

func sendsSettings(t *testing.T, m model.Model, s *Server) {
	s.Next(Answer{}, Answer{}, Answer{})
	r := question()
	for _, settings := range []model.Settings{
		{},
		{Temperature: model.Set(0.0), TopP: model.Set(0.0), Seed: model.Set[int64](0)},
		{Temperature: model.Set(1.5), MaxTokens: model.Set[int64](9), Stop: []string{"END"}, Extra: map[string]any{"effort.level": "low"}},
	} {
		r.Settings = settings
		if _, err := m.Generate(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	seen := s.Requests()
	if got := s.wire.asked(seen[0]).settings; len(got) > 0 {
		t.Errorf("nothing was set, and %v was sent", got)
	}
	want := map[string]any{"temperature": 0.0, "top_p": 0.0, "seed": 0.0}
	if got := s.wire.asked(seen[1]).settings; !reflect.DeepEqual(got, want) {
		t.Errorf("sent %v, want %v", got, want)
	}
	want = map[string]any{"temperature": 1.5, "max_tokens": 9.0, "stop": []any{"END"}, "effort.level": "low"}
	if got := s.wire.asked(seen[2]).settings; !reflect.DeepEqual(got, want) {
		t.Errorf("sent %v, want %v", got, want)
	}
}

func sendsSchema(t *testing.T, m model.Model, s *Server) {
	const closed = `{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}`
	const open = `{"type":"object","properties":{"n":{"type":"integer"}}}`
	s.Next(Answer{Text: "{}"}, Answer{Text: "{}"}, Answer{Text: "{}"})
	for _, schema := range []model.Schema{
		{Name: "Number of things!", JSON: json.RawMessage(closed), Strict: true},
		{Name: "n", JSON: json.RawMessage(open), Strict: true},
		{JSON: json.RawMessage(closed)},
	} {
		r := question()
		r.Schema = &schema
		if _, err := m.Generate(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []asked{{schema: closed, strict: true}, {schema: open}, {schema: closed}} {
		got := s.wire.asked(s.Requests()[i])
		if !sameJSON(got.schema, want.schema) || got.strict != want.strict {
			t.Errorf("schema %d: sent %s (strict %t), want %s (%t)", i, got.schema, got.strict, want.schema, want.strict)
		}
		if !schemaName.MatchString(got.name) {
			t.Errorf("schema %d has the name %q, which providers refuse", i, got.name)
		}
	}
}

// schemaName is what OpenAI, Anthropic and others take as the name of a schema or tool.
var schemaName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// sameJSON compares two texts as JSON.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}

func returnsProse(t *testing.T, m model.Model, s *Server) {
	const prose = "Sure! Here is the JSON you asked for: it is 42."
	s.Next(Answer{Text: prose})
	r := question()
	r.Schema = &model.Schema{Name: "n", JSON: json.RawMessage(`{"type":"object"}`)}
	resp, err := m.Generate(t.Context(), r)
	if err != nil || resp.Text != prose {
		t.Errorf("answer = %+v, %v; judging it is the step's work", resp, err)
	}
}

func refusesRequest(t *testing.T, m model.Model, _ *Server) {
	tools := question()
	tools.Tools = []model.Tool{{Name: "search"}}
	odd := question()
	odd.Messages[0].Role = "narrator"
	for name, r := range map[string]*model.Request{"tools": tools, "an unknown role": odd, "nothing to say": {}} {
		if _, err := m.Generate(t.Context(), r); plan.ClassOf(err) != plan.ClassBadRequest {
			t.Errorf("a request with %s: err = %v, want one of class %s", name, err, plan.ClassBadRequest)
		}
	}
}

func sharesModel(t *testing.T, m model.Model, s *Server) {
	const callers = 8
	for range callers {
		s.Next(Answer{Text: "42"})
	}
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			if resp, err := m.Generate(t.Context(), question()); err != nil || resp.Text != "42" {
				t.Errorf("answer = %+v, %v", resp, err)
			}
		})
	}
	wg.Wait()
}

func leavesRequest(t *testing.T, m model.Model, s *Server) {
	s.Next(Answer{Text: "42"})
	r := question()
	r.Schema = &model.Schema{Name: "a b", JSON: json.RawMessage(`{"type":"object"}`), Strict: true}
	r.Settings.Extra = map[string]any{"effort": "low"}
	before := r.Clone()
	if _, err := m.Generate(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r, before) {
		t.Errorf("the request was changed to %+v", r)
	}
}
