package usage_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/weirflow/weir/usage"
)

func TestLimitsKeepInJSONWhatIsAbsent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limits usage.Limits
		want   string
	}{
		{usage.Limits{}, `{}`},
		{usage.Limits{Calls: usage.AtMost(0), Cost: usage.AtMost(250_000)}, `{"calls":0,"cost_micro_usd":250000}`},
		{usage.Limits{Duration: time.Minute, Tokens: usage.AtMost(math.MaxInt64)}, `{"duration_ns":60000000000,"tokens":9223372036854775807}`},
	} {
		b, err := json.Marshal(c.limits)
		if err != nil || string(b) != c.want {
			t.Errorf("JSON %s, %v; want %s", b, err, c.want)
		}
		var back usage.Limits
		if err := json.Unmarshal(b, &back); err != nil || back != c.limits {
			t.Errorf("read back %+v, %v", back, err)
		}
	}
	var l usage.Limits
	if err := json.Unmarshal([]byte(`{"calls":null,"tokens":3}`), &l); err != nil || l != (usage.Limits{Tokens: usage.AtMost(3)}) {
		t.Errorf("null is %+v, %v", l, err)
	}
	if b, err := json.Marshal([]usage.Limit{{}, usage.AtMost(0)}); err != nil || string(b) != `[null,0]` {
		t.Errorf("JSON %s, %v", b, err)
	}
}

func FuzzLimitJSON(f *testing.F) {
	for _, seed := range []string{"0", "null", "-3", "1.5", `"7"`, "1e3", "9223372036854775808", "true", "[]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		was := usage.AtMost(41)
		l := was
		if err := json.Unmarshal(b, &l); err != nil {
			if l != was {
				t.Errorf("%q: %v, and the limit is %+v now", b, err, l)
			}
			return
		}
		text, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		var back usage.Limit
		if err := json.Unmarshal(text, &back); err != nil || back != l {
			t.Errorf("%q became %s and %+v, %v", b, text, back, err)
		}
	})
}
