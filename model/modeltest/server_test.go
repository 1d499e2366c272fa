package modeltest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/usage"
)

// post asks a server once.
func post(t *testing.T, s *modeltest.Server, body string) (status int, answer []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/chat/completions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, answer
}

func TestServerGivesItsAnswersInOrder(t *testing.T) {
	t.Parallel()
	s := modeltest.NewOpenAI(t).Next(
		modeltest.Answer{Text: "hi", Usage: usage.Usage{InputTokens: 3, OutputTokens: 2, CachedTokens: 1}},
		modeltest.Answer{Fault: modeltest.RateLimited, Header: http.Header{"Retry-After": {"7"}}},
	)
	status, body := post(t, s, `{"model":"m"}`)
	var c struct {
		Choices []struct{ Message struct{ Content string } }
		Usage   struct {
			Prompt int64 `json:"prompt_tokens"`
			Total  int64 `json:"total_tokens"`
		}
	}
	if err := json.Unmarshal(body, &c); err != nil || status != 200 || c.Choices[0].Message.Content != "hi" || c.Usage.Prompt != 3 || c.Usage.Total != 5 {
		t.Errorf("%d %s, %v", status, body, err)
	}
	if status, _ := post(t, s, `{}`); status != http.StatusTooManyRequests {
		t.Errorf("status = %d, want 429", status)
	}
	seen := s.Requests()
	if len(seen) != 2 || seen[0].Body["model"] != "m" || seen[0].Path != "/v1/chat/completions" {
		t.Errorf("requests = %+v", seen)
	}
	for range seen {
		<-s.Arrived()
	}
}

func TestServerWithoutAnAnswerFailsTheTest(t *testing.T) {
	t.Parallel()
	rec := &recorder{TB: t}
	s := modeltest.NewOpenAI(rec)
	if status, _ := post(t, s, `{}`); status == 200 || len(rec.failed) != 1 {
		t.Errorf("status %d, failures %q", status, rec.failed)
	}
}
