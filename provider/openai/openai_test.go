package openai_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/provider/openai"
	"github.com/weirflow/weir/usage"
)

// open makes a model that talks to a new server.
func open(t *testing.T, change func(*openai.Config)) (model.Model, *modeltest.Server) {
	t.Helper()
	s := modeltest.NewOpenAI(t)
	c := openai.Config{Key: modeltest.Key, BaseURL: s.URL, Model: "test-model"}
	if change != nil {
		change(&c)
	}
	m, err := openai.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return m, s
}

// ask is a plain request.
func ask() *model.Request {
	return &model.Request{Messages: []model.Message{{Role: model.RoleUser, Content: "hi"}}}
}

// withSchema is a request for an object.
func withSchema() *model.Request {
	r := ask()
	r.System = "Be brief."
	r.Schema = &model.Schema{Name: "thing", JSON: json.RawMessage(`{"type":"object"}`), Strict: true}
	return r
}

func TestEndpointWithoutSchemasIsAskedInWordsFromThenOn(t *testing.T) {
	t.Parallel()
	m, s := open(t, nil)
	s.Next(modeltest.Answer{Fault: modeltest.FormatRejected}, modeltest.Answer{Text: "{}"}, modeltest.Answer{Text: "{}"}, modeltest.Answer{Text: "hi"})
	resp, err := m.Generate(t.Context(), withSchema())
	if err != nil || resp.Text != "{}" || resp.Usage.Requests != 2 {
		t.Fatalf("answer = %+v, %v; want {} after 2 requests", resp, err)
	}
	if resp, err = m.Generate(t.Context(), withSchema()); err != nil || resp.Usage.Requests != 1 {
		t.Fatalf("the downgrade was not remembered: %+v, %v", resp, err)
	}
	if _, err = m.Generate(t.Context(), ask()); err != nil {
		t.Fatal(err)
	}
	seen := s.Requests()
	for i, want := range []string{"json_schema", "json_object", "json_object", ""} {
		format, _ := seen[i].Body["response_format"].(map[string]any)
		if got, _ := format["type"].(string); got != want {
			t.Errorf("request %d has the format %q, want %q", i, got, want)
		}
	}
	if text := string(seen[1].Raw); !strings.Contains(text, "Be brief.") || !strings.Contains(text, `{\"type\":\"object\"}`) {
		t.Errorf("the prompt does not hold the schema: %s", text)
	}
	if text := string(seen[3].Raw); strings.Contains(text, "JSON") {
		t.Errorf("a request without a schema speaks of one: %s", text)
	}
}

func TestDowngradeHappensOnce(t *testing.T) {
	t.Parallel()
	m, s := open(t, nil)
	s.Next(modeltest.Answer{Fault: modeltest.FormatRejected}, modeltest.Answer{Fault: modeltest.FormatRejected})
	if _, err := m.Generate(t.Context(), withSchema()); plan.ClassOf(err) != plan.ClassBadRequest {
		t.Errorf("err = %v, want one of class %s", err, plan.ClassBadRequest)
	}
	if n := len(s.Requests()); n != 2 {
		t.Errorf("the endpoint was asked %d times, want 2", n)
	}
}

// serve answers every request with a status and a body.
func serve(t *testing.T, status int, body string) model.Model {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	t.Cleanup(srv.Close)
	m, err := openai.New(openai.Config{BaseURL: srv.URL, Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSchemaThatIsWrongIsNotHiddenByADowngrade(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"error":{"message":"Invalid schema for response_format 'thing': x","param":"response_format","code":null}}`)
	}))
	t.Cleanup(srv.Close)
	m, err := openai.New(openai.Config{BaseURL: srv.URL, Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Generate(t.Context(), withSchema())
	if plan.ClassOf(err) != plan.ClassBadRequest || !strings.Contains(err.Error(), "Invalid schema") || asked.Load() != 1 {
		t.Errorf("err = %v after %d requests", err, asked.Load())
	}
}

func TestErrorsOfCompatibleServersAreUnderstood(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
		class  plan.Class
		text   string
	}{
		{404, `{"error":"model \"x\" not found, try pulling it first"}`, plan.ClassBadRequest, `openai: 404: model "x" not found, try pulling it first`},
		{400, `{"object":"error","message":"maximum context length is 4096","type":"BadRequestError","code":400}`, plan.ClassContextLength, "openai: 400: maximum context length is 4096"},
		{422, `{"detail":"field required"}`, plan.ClassBadRequest, "openai: 422: field required"},
		{422, `{"detail":[{"loc":["body"]}]}`, plan.ClassBadRequest, "openai: 422: Unprocessable Entity"},
		{529, ``, plan.ClassOverload, "openai: 529"},
		{504, `gateway timeout`, plan.ClassOverload, "openai: 504: Gateway Timeout"},
		{408, ``, plan.ClassTimeout, "openai: 408: Request Timeout"},
		{402, ``, plan.ClassAuth, "openai: 402: Payment Required"},
		{400, `{"error":{"message":"stopped","code":"content_policy_violation"}}`, plan.ClassContentFilter, "openai: 400: stopped"},
		{302, ``, plan.ClassBadRequest, "openai: 302: the endpoint sends callers elsewhere; set the base URL to where it is now"},
		{200, `{"error":{"message":"slow down","code":429}}`, plan.ClassRateLimit, "openai: rate_limit: slow down"},
		{400, `{"error":{"message":"two\nlines\u0000"}}`, plan.ClassBadRequest, "openai: 400: two lines"},
		{400, strings.Repeat(`{"a":`, 20_000), plan.ClassBadRequest, "openai: 400: Bad Request"},
	} {
		_, err := serve(t, c.status, c.body).Generate(t.Context(), ask())
		if plan.ClassOf(err) != c.class || err.Error() != c.text {
			t.Errorf("%d %.60s: class %q, err = %v; want %q, %s", c.status, c.body, plan.ClassOf(err), err, c.class, c.text)
		}
	}
}

func TestAnswerIsReadWhateverItsContentType(t *testing.T) {
	t.Parallel()
	resp, err := serve(t, 200, `{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}`).Generate(t.Context(), ask())
	if err != nil || resp.Text != "hi" || resp.Model != "m" || resp.Usage != (usage.Usage{Requests: 1}) {
		t.Errorf("answer = %+v, %v", resp, err)
	}
}

func TestNonsenseUsageIsClamped(t *testing.T) {
	t.Parallel()
	body := `{"choices":[{"message":{"content":"hi"}}],"usage":{"prompt_tokens":-5,"completion_tokens":3,
		"prompt_tokens_details":{"cached_tokens":9},"completion_tokens_details":{"reasoning_tokens":99}}}`
	resp, err := serve(t, 200, body).Generate(t.Context(), ask())
	if want := (usage.Usage{Requests: 1, OutputTokens: 3, ReasoningTokens: 3}); err != nil || resp.Usage != want {
		t.Errorf("usage = %+v, %v; want %+v", resp, err, want)
	}
}

func TestPricesFillTheCost(t *testing.T) {
	t.Parallel()
	used := usage.Usage{InputTokens: 1000, CachedTokens: 400, OutputTokens: 100}
	for want, prices := range map[int64]usage.Prices{
		0:   nil,
		740: {"test-model": {Input: 1_000_000, CachedInput: 100_000, Output: 1_000_000}},
		600: {"test-model": {Input: 1_000_000}, "local:test-model-2026-06-01": {Input: 1_000_000, CachedInput: 1, Output: -1}},
	} {
		m, s := open(t, func(c *openai.Config) { c.Prices, c.Provider = prices, "local" })
		s.Next(modeltest.Answer{Text: "hi", Usage: used})
		resp, err := m.Generate(t.Context(), ask())
		if err != nil || (resp.Usage.Cost != want && resp.Usage.Cost != want+1) {
			t.Errorf("usage = %+v, %v; want a cost of %d", resp, err, want)
		}
	}
}

func TestTimeoutOfOneCall(t *testing.T) {
	t.Parallel()
	for _, fault := range []modeltest.Fault{modeltest.Mute, modeltest.Silent} {
		m, s := open(t, func(c *openai.Config) { c.Timeout = 50 * time.Millisecond })
		s.Next(modeltest.Answer{Fault: fault})
		_, err := m.Generate(t.Context(), ask())
		if plan.ClassOf(err) != plan.ClassTimeout || !strings.HasSuffix(err.Error(), "no answer within 50ms") {
			t.Errorf("%s: err = %v", fault, err)
		}
	}
}

func TestHTTPClientsTimeoutIsATimeout(t *testing.T) {
	t.Parallel()
	m, s := open(t, func(c *openai.Config) {
		c.HTTPClient, c.Timeout = &http.Client{Timeout: 50 * time.Millisecond}, -1
	})
	s.Next(modeltest.Answer{Fault: modeltest.Mute})
	if _, err := m.Generate(t.Context(), ask()); plan.ClassOf(err) != plan.ClassTimeout {
		t.Errorf("err = %v, want one of class %s", err, plan.ClassTimeout)
	}
}

func TestDeadEndpointIsANetworkError(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(nil)
	srv.Close()
	m, err := openai.New(openai.Config{BaseURL: srv.URL, Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Generate(t.Context(), ask())
	if plan.ClassOf(err) != plan.ClassNetwork || !strings.Contains(err.Error(), "refused") || strings.Contains(err.Error(), "http://") {
		t.Errorf("err = %v", err)
	}
}

func TestPromptDoesNotFollowARedirectToAnotherHost(t *testing.T) {
	t.Parallel()
	other := modeltest.NewOpenAI(t).Next(modeltest.Answer{Text: "stolen"})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/chat/completions", http.StatusTemporaryRedirect)
	}))
	t.Cleanup(srv.Close)
	m, err := openai.New(openai.Config{BaseURL: srv.URL, Key: modeltest.Key, Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := m.Generate(t.Context(), ask()); err == nil {
		t.Errorf("answer = %+v", resp)
	}
	if n := len(other.Requests()); n != 0 {
		t.Errorf("the other host got %d requests", n)
	}
}

func TestExtraCannotChangeWhatTheRequestMeans(t *testing.T) {
	t.Parallel()
	m, s := open(t, nil)
	for _, key := range []string{"stream", "n", "model", "messages", "response_format", "temperature"} {
		r := ask()
		r.Settings.Extra = map[string]any{key: true}
		if _, err := m.Generate(t.Context(), r); plan.ClassOf(err) != plan.ClassBadRequest || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: err = %v", key, err)
		}
	}
	if n := len(s.Requests()); n != 0 {
		t.Errorf("the endpoint was asked %d times", n)
	}
}

func TestExtraThatIsNoJSONIsAnError(t *testing.T) {
	t.Parallel()
	m, _ := open(t, nil)
	r := ask()
	r.Settings.Extra = map[string]any{"f": func() {}}
	if _, err := m.Generate(t.Context(), r); err == nil {
		t.Error("a function was sent")
	}
}

func TestTopKIsSentWhenSet(t *testing.T) {
	t.Parallel()
	m, s := open(t, nil)
	s.Next(modeltest.Answer{})
	r := ask()
	r.Settings.TopK = model.Set[int64](0)
	if _, err := m.Generate(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if got := s.Requests()[0].Body["top_k"]; got != 0.0 {
		t.Errorf("top_k = %v, want 0", got)
	}
}

func TestServerWithoutAKeyGetsNone(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "sk-of-another-endpoint") // so this test is not parallel
	t.Setenv("OPENAI_CUSTOM_HEADERS", "X-Odd: 1")
	m, s := open(t, func(c *openai.Config) { c.Key = "" })
	s.Next(modeltest.Answer{})
	if _, err := m.Generate(t.Context(), ask()); err != nil {
		t.Fatal(err)
	}
	if h := s.Requests()[0].Header; h.Get("Authorization") != "" || h.Get("X-Odd") != "" {
		t.Errorf("headers = %v", h)
	}
}

func TestBadConfigIsRefused(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "")
	t.Setenv("OPENAI_BASE_URL", "")
	for part, c := range map[string]openai.Config{
		"no model":           {Key: "k"},
		"no API key":         {Model: "m"},
		"must look like htt": {Model: "m", BaseURL: "localhost:11434"},
		"without a name":     {Model: "m", BaseURL: "http://me:secret@localhost/v1"},
		"base URL":           {Model: "m", BaseURL: "http://%zz"},
	} {
		_, err := openai.New(c)
		if plan.CodeOf(err) != plan.CodeConfig || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "secret") {
			t.Errorf("err = %v, want one that says %q", err, part)
		}
	}
}

func TestFromEnvReadsTheEndpoint(t *testing.T) {
	s := modeltest.NewOpenAI(t).Next(modeltest.Answer{Text: "hi"})
	t.Setenv("OPENAI_API_KEY", modeltest.Key)
	t.Setenv("OPENAI_BASE_URL", s.URL)
	models, ok := openai.FromEnv()
	if !ok {
		t.Fatal("nothing is configured")
	}
	m, err := models.Model("openai:gpt-4o")
	if err != nil {
		t.Fatal(err)
	}
	again, err := models.Model("openai:gpt-4o")
	if err != nil || again != m {
		t.Errorf("the second look-up gave another model (%v)", err)
	}
	resp, err := m.Generate(t.Context(), ask())
	if err != nil || resp.Text != "hi" {
		t.Fatalf("answer = %+v, %v", resp, err)
	}
	seen := s.Requests()[0]
	if seen.Body["model"] != "gpt-4o" || seen.Header.Get("Authorization") != "Bearer "+modeltest.Key || seen.Path != "/v1/chat/completions" {
		t.Errorf("asked %s for %v", seen.Path, seen.Body["model"])
	}
	for _, name := range []string{"anthropic:claude", "gpt-4o", "openai:", ""} {
		if _, err := models.Model(name); !errors.Is(err, plan.ErrMissingAgent) {
			t.Errorf("%q: err = %v", name, err)
		}
	}
}

func TestFromEnvWithNothingSetSaysWhatToSet(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "")
	t.Setenv("OPENAI_BASE_URL", "")
	models, ok := openai.FromEnv()
	if ok {
		t.Error("something is configured")
	}
	_, err := models.Model("openai:gpt-4o")
	if !errors.Is(err, plan.ErrMissingAgent) || !strings.Contains(err.Error(), "OPENAI_API_KEY") {
		t.Errorf("err = %v", err)
	}
}
