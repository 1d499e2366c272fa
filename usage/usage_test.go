package usage_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/weirflow/weir/usage"
)

func TestAddSumsEveryField(t *testing.T) {
	t.Parallel()
	a := usage.Usage{Requests: 1, InputTokens: 10, CachedTokens: 4, OutputTokens: 5, ReasoningTokens: 2, Cost: 100}
	b := usage.Usage{Requests: 2, InputTokens: 20, CachedTokens: 5, OutputTokens: 6, ReasoningTokens: 3, Cost: 200}
	want := usage.Usage{Requests: 3, InputTokens: 30, CachedTokens: 9, OutputTokens: 11, ReasoningTokens: 5, Cost: 300}
	if got := a.Add(b); got != want {
		t.Errorf("sum = %+v, want %+v", got, want)
	}
}

func TestAddStaysAtTheEndOfTheRange(t *testing.T) {
	t.Parallel()
	most := usage.Usage{Requests: math.MaxInt64, InputTokens: math.MaxInt64, OutputTokens: math.MaxInt64, Cost: math.MaxInt64}
	got := most.Add(usage.Usage{Requests: 1, InputTokens: math.MaxInt64, OutputTokens: 7, Cost: 1})
	if got != most {
		t.Errorf("sum = %+v, want it held at %+v", got, most)
	}
	if got.Tokens() != math.MaxInt64 {
		t.Errorf("tokens = %d, want them held at %d", got.Tokens(), int64(math.MaxInt64))
	}
	least := usage.Usage{Cost: math.MinInt64}
	if got := least.Add(usage.Usage{Cost: -1}); got != least {
		t.Errorf("sum = %+v, want it held at %+v", got, least)
	}
}

func TestTokensAreInputAndOutputOnly(t *testing.T) {
	t.Parallel()
	u := usage.Usage{InputTokens: 10, CachedTokens: 9, OutputTokens: 5, ReasoningTokens: 4}
	if got := u.Tokens(); got != 15 {
		t.Errorf("tokens = %d, want 15", got)
	}
}

func TestClampLeavesNoNonsense(t *testing.T) {
	t.Parallel()
	got := usage.Usage{Requests: -1, InputTokens: 3, CachedTokens: 9, OutputTokens: -5, ReasoningTokens: 4, Cost: -7}.Clamp()
	if want := (usage.Usage{InputTokens: 3, CachedTokens: 3}); got != want {
		t.Errorf("clamped = %+v, want %+v", got, want)
	}
}

func TestJSONLeavesOutWhatIsZero(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(usage.Usage{Requests: 1, Cost: 106})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(b), `{"requests":1,"cost_micro_usd":106}`; got != want {
		t.Errorf("JSON = %s, want %s", got, want)
	}
	var back usage.Usage
	if err := json.Unmarshal(b, &back); err != nil || back != (usage.Usage{Requests: 1, Cost: 106}) {
		t.Errorf("read back %+v, %v", back, err)
	}
	if !(usage.Usage{}).IsZero() || back.IsZero() {
		t.Error("IsZero does not tell nothing from something")
	}
}

func TestFormatCost(t *testing.T) {
	t.Parallel()
	for micro, want := range map[int64]string{
		0: "$0", 106: "$0.000106", 1_200_000: "$1.20", 100_000: "$0.10", 3_000_000: "$3.00", 123_456: "$0.123456",
		120_500: "$0.1205", 1: "$0.000001", -5: "-$0.000005", math.MaxInt64: "$9223372036854.775807",
		math.MinInt64: "-$9223372036854.775808",
	} {
		if got := usage.FormatCost(micro); got != want {
			t.Errorf("FormatCost(%d) = %s, want %s", micro, got, want)
		}
	}
}
