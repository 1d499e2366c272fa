package usage_test

import (
	"math"
	"testing"

	"github.com/weirflow/weir/usage"
)

// million is a call of a million tokens in and a million out.
var million = usage.Usage{Requests: 1, InputTokens: 1_000_000, OutputTokens: 1_000_000}

func TestCostFindsTheLongestKeyThatFits(t *testing.T) {
	t.Parallel()
	prices := usage.Prices{
		"gpt-4o":                {Input: 1},
		"gpt-4o-mini":           {Input: 2},
		"gpt-4o-2024-05-13":     {Input: 3},
		"azure:gpt-4o":          {Input: 4},
		"llama*":                {Input: 5},
		"llama3.1*":             {Input: 6},
		"ollama:*":              {},
		"ollama:llama3.1:70b":   {Input: 7},
		"claude-opus-4":         {Input: 8},
		"mistral:mistral-small": {Input: 9},
		"qwen":                  {Input: 10},
		"local:qwen*":           {Input: 11},
	}
	for _, c := range []struct {
		provider, model string
		want            int64
		known           bool
	}{
		{"openai", "gpt-4o", 1, true},
		{"openai", "gpt-4o-2024-08-06", 1, true},
		{"openai", "gpt-4o-latest", 1, true},
		{"openai", "gpt-4o-2024-05-13", 3, true},
		{"openai", "gpt-4o-mini-2024-07-18", 2, true},
		{"openai", "gpt-4o-audio-preview", 0, false},
		{"openai", "gpt-4", 0, false},
		{"azure", "gpt-4o", 4, true},
		{"azure", "gpt-4o-2024-08-06", 4, true},
		{"", "gpt-4o", 1, true},
		{"groq", "llama3-70b", 5, true},
		{"groq", "llama3.1-8b", 6, true},
		{"ollama", "llama3.1:8b", 6, true}, // the longer key wins over the provider's own *
		{"ollama", "qwen3", 0, true},
		{"ollama", "llama3.1:70b", 7, true},
		{"anthropic", "claude-opus-4-20250514", 8, true},
		{"anthropic", "claude-opus-4-5-20251101", 0, false},
		{"openai", "mistral-small", 0, false},
		{"local", "qwen", 10, true}, // a whole name goes before the same letters with *
		{"local", "qwen-vl", 11, true},
		{"mistral", "mistral-small-2503", 9, true},
	} {
		cost, known := prices.Cost(c.provider, c.model, usage.Usage{InputTokens: 1_000_000})
		if cost != c.want || known != c.known {
			t.Errorf("%s:%s costs %d (known %t), want %d (%t)", c.provider, c.model, cost, known, c.want, c.known)
		}
	}
}

func TestCostCountsCachedInputAtItsOwnPrice(t *testing.T) {
	t.Parallel()
	u := usage.Usage{InputTokens: 1_000_000, CachedTokens: 400_000, OutputTokens: 100_000, ReasoningTokens: 90_000}
	prices := usage.Prices{"m": {Input: 1000, CachedInput: 100, Output: 5000}, "plain": {Input: 1000, Output: 5000}}
	if cost, _ := prices.Cost("", "m", u); cost != 600+40+500 {
		t.Errorf("cost = %d, want %d", cost, 600+40+500)
	}
	if cost, _ := prices.Cost("", "plain", u); cost != 1000+500 {
		t.Errorf("cost without a cache price = %d, want %d", cost, 1000+500)
	}
}

func TestCostIsRoundedUpToAMicroDollar(t *testing.T) {
	t.Parallel()
	prices := usage.Prices{"m": {Input: 500_000}, "free": {}}
	for tokens, want := range map[int64]int64{0: 0, 1: 1, 2: 1, 3: 2, 212: 106} {
		if cost, _ := prices.Cost("", "m", usage.Usage{InputTokens: tokens}); cost != want {
			t.Errorf("%d tokens cost %d, want %d", tokens, cost, want)
		}
	}
	if cost, known := prices.Cost("", "free", million); cost != 0 || !known {
		t.Errorf("a free model costs %d (known %t)", cost, known)
	}
}

func TestCostOfNonsenseStaysInRange(t *testing.T) {
	t.Parallel()
	prices := usage.Prices{"m": {Input: math.MaxInt64, Output: math.MaxInt64}, "odd": {Input: -5}}
	if cost, _ := prices.Cost("", "m", usage.Usage{InputTokens: math.MaxInt64, OutputTokens: math.MaxInt64}); cost != math.MaxInt64 {
		t.Errorf("cost = %d, want it held at the end", cost)
	}
	if cost, _ := prices.Cost("", "m", usage.Usage{InputTokens: -9, OutputTokens: -9}); cost != 0 {
		t.Errorf("negative tokens cost %d", cost)
	}
	if cost, _ := prices.Cost("", "odd", million); cost != 0 {
		t.Errorf("a negative price gives %d", cost)
	}
}

func TestDefaultPricesAreTheListPrices(t *testing.T) {
	t.Parallel()
	for model, dollars := range map[string]string{ // a million tokens in and out
		"gpt-4o": "$12.50", "gpt-4o-mini": "$0.75", "gpt-4.1": "$10.00", "gpt-4.1-mini": "$2.00", "gpt-4.1-nano": "$0.50",
		"o3": "$10.00", "o4-mini": "$5.50", "gpt-5": "$11.25", "gpt-5-mini": "$2.25", "gpt-5-nano": "$0.45",
		"gpt-4o-2024-05-13": "$20.00",
	} {
		cost, known := usage.DefaultPrices().Cost("openai", model, million)
		if got := usage.FormatCost(cost); !known || got != dollars {
			t.Errorf("%s costs %s (known %t), want %s", model, got, known, dollars)
		}
	}
	if _, known := usage.DefaultPrices().Cost("openai", "gpt-5-pro", million); known {
		t.Error("gpt-5-pro has the price of gpt-5")
	}
	mine := usage.DefaultPrices()
	clear(mine)
	if len(usage.DefaultPrices()) == 0 {
		t.Error("the list is shared between callers")
	}
}
