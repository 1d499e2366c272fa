package usage_test

import (
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

func TestEstimatesGoByTheModel(t *testing.T) {
	t.Parallel()
	e := usage.DefaultEstimates()
	e["ollama:*"] = usage.Usage{OutputTokens: 900}
	for model, want := range map[string]usage.Usage{
		"openai:gpt-4o-mini": {Requests: 1, OutputTokens: 500, Cost: 100_000},
		"o4-mini":            {Requests: 1, OutputTokens: 500, Cost: 100_000},
		"gpt-3.5-turbo":      {Requests: 1, OutputTokens: 300, Cost: 20_000},
		"ollama:llama3:8b":   {OutputTokens: 900},
		"anthropic:claude":   {},
		"":                   {},
	} {
		site := &plan.Site{Analysis: plan.Analysis{Model: true, ModelName: model}}
		if got := e.Estimate(usage.Call{Site: site}); got != want {
			t.Errorf("%q is expected to use %+v, want %+v", model, got, want)
		}
	}
	if got := e.Estimate(usage.Call{}); got != (usage.Usage{}) {
		t.Errorf("a call without a site is expected to use %+v", got)
	}
}
