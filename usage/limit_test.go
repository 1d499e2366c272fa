package usage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

func TestB009_NegativeLimitIsRefusedAndZeroIsNot(t *testing.T) {
	t.Parallel()
	zero := usage.Limits{Calls: usage.AtMost(0), Tokens: usage.AtMost(0), Cost: usage.AtMost(0)}
	if err := zero.Validate(); err != nil {
		t.Errorf("limits of 0 were refused: %v", err)
	}
	if err := (usage.Limits{}).Validate(); err != nil {
		t.Errorf("no limits were refused: %v", err)
	}
	bad := usage.Limits{Duration: -time.Second, Calls: usage.AtMost(-1), Tokens: usage.AtMost(-2), Cost: usage.AtMost(-3)}
	err := bad.Validate()
	if plan.CodeOf(err) != plan.CodeConfig {
		t.Fatalf("err = %v, want one of code %s", err, plan.CodeConfig)
	}
	for _, part := range []string{"duration limit is -1s", "calls limit is -1", "tokens limit is -2", "cost limit is -3"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q: %v", part, err)
		}
	}
}

func TestB142_SpendingTheLimitIsAllowedAndMoreIsNot(t *testing.T) {
	t.Parallel()
	limits := usage.Limits{Cost: usage.AtMost(200_000)}
	if err := limits.Check(usage.Usage{Cost: 200_000}); err != nil {
		t.Errorf("spending the whole limit was refused: %v", err)
	}
	err := limits.Check(usage.Usage{Cost: 200_001})
	if !errors.Is(err, plan.ErrBudget) || plan.CodeOf(err) != plan.CodeBudget || !plan.Final(err) {
		t.Errorf("err = %v, want a breach that nothing swallows", err)
	}
	breach, ok := errors.AsType[*usage.LimitError](err)
	if !ok || *breach != (usage.LimitError{What: "cost", Limit: 200_000, Spent: 200_001}) {
		t.Errorf("breach = %+v", breach)
	}
	if errors.Is(err, plan.ErrTimeout) {
		t.Error("a breach matches an error of another code")
	}
}

func TestB143_LimitZeroLetsFreeStepsPass(t *testing.T) {
	t.Parallel()
	limits := usage.Limits{Cost: usage.AtMost(0)}
	if err := limits.Check(usage.Usage{Requests: 3, InputTokens: 100}); err != nil {
		t.Errorf("a free step was refused: %v", err)
	}
	if err := limits.Check(usage.Usage{Cost: 10_000}); !errors.Is(err, plan.ErrBudget) {
		t.Errorf("a step of one cent passed: %v", err)
	}
}

func TestCheckNamesTheFirstLimitThatIsExceeded(t *testing.T) {
	t.Parallel()
	all := usage.Limits{Calls: usage.AtMost(1), Tokens: usage.AtMost(10), Cost: usage.AtMost(100_000)}
	for _, c := range []struct {
		limits usage.Limits
		used   usage.Usage
		want   string
	}{
		{all, usage.Usage{Requests: 2, InputTokens: 6, OutputTokens: 6, Cost: 120_000}, "cost limit of $0.1 exceeded: $0.12 spent"},
		{all, usage.Usage{Requests: 2, InputTokens: 6, OutputTokens: 6, Cost: 1}, "token limit of 10 exceeded: 12 used"},
		{all, usage.Usage{Requests: 2}, "limit of 1 calls exceeded: 2 made"},
		{usage.Limits{Cost: usage.AtMost(1_000_000)}, usage.Usage{Cost: 20_000_000}, "cost limit of $1 exceeded: $20 spent"},
		{usage.Limits{Cost: usage.AtMost(0)}, usage.Usage{Cost: 106}, "cost limit of $0 exceeded: $0.000106 spent"},
	} {
		if err := c.limits.Check(c.used); err == nil || err.Error() != c.want {
			t.Errorf("err = %v, want %s", err, c.want)
		}
	}
	if err := (usage.Limits{}).Check(usage.Usage{Requests: 1 << 40, Cost: 1 << 40}); err != nil {
		t.Errorf("no limit was exceeded: %v", err)
	}
}

func TestLimitTellsAbsentFromZero(t *testing.T) {
	t.Parallel()
	var none usage.Limit
	if none.Set() || none.Exceeded(1<<60) {
		t.Error("the zero Limit limits something")
	}
	if zero := usage.AtMost(0); !zero.Set() || zero.Value() != 0 || !zero.Exceeded(1) || zero.Exceeded(0) {
		t.Error("AtMost(0) is not a limit of 0")
	}
}
