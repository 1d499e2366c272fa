package main

import (
	"strings"
	"testing"

	"github.com/weirflow/weir/model/modeltest"
)

const asking = `version: 1
agents:
  writer: {model: "openai:gpt-4o-mini", system_prompt: Answer in one word.}
steps:
  - name: ask
    uses: agents.writer
`

// Not parallel: the environment says where the model is.
func TestTheModelIsWhereTheEnvironmentSays(t *testing.T) {
	server := modeltest.NewOpenAI(t)
	t.Setenv("OPENAI_BASE_URL", server.URL)
	t.Setenv("OPENAI_API_KEY", modeltest.Key)
	server.Next(modeltest.Answer{Text: "yes"})
	got := weirRuns(t, "", "run", file(t, "ask.yaml", asking), "--input-json", `"Is it?"`, "--model", "llama3")
	if got.code != 0 || got.out != "yes\n" || !strings.Contains(got.err, "tokens") {
		t.Errorf("%+v", got)
	}
	if sent := server.Requests(); len(sent) != 1 || sent[0].Body["model"] != "llama3" {
		t.Errorf("%d requests, or another model", len(sent))
	}
}

func TestWithoutAModelTheStepSaysWhatToSet(t *testing.T) {
	t.Setenv("OPENAI_BASE_URL", "")
	t.Setenv("OPENAI_API_KEY", "")
	got := weirRuns(t, "", "run", file(t, "ask.yaml", asking), "--input-json", `"Is it?"`)
	if got.code != exitFailed || !strings.Contains(got.err, "set OPENAI_API_KEY, or OPENAI_BASE_URL") || strings.Contains(got.err, "attempt 2") {
		t.Errorf("%+v", got)
	}
}

func TestAModelOfAnUnknownProviderIsFoundBeforeTheRun(t *testing.T) {
	t.Parallel()
	got := weirRuns(t, "", "validate", file(t, "ask.yaml", strings.Replace(asking, "openai:", "oracle:", 1)))
	if got.code != exitCheck || !strings.Contains(got.err, "oracle") {
		t.Errorf("%+v", got)
	}
}
