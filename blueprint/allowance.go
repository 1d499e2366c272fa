package blueprint

import (
	"math"

	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// usageLimits is the key usage_limits of a step.
type usageLimits struct {
	Cost   *float64 `weir:"total_cost_usd_limit" doc:"How much money, in US dollars. Default: no limit."`
	Tokens *int64   `weir:"total_tokens_limit" doc:"How many tokens. Default: no limit."`
}

// spending is the key budget of a step.
type spending struct {
	CostUSD *float64 `weir:"cost_usd" doc:"How much money, in US dollars. Default: no limit."`
	Tokens  *int64   `weir:"tokens" doc:"How many tokens. Default: no limit."`
	Calls   *int64   `weir:"calls" doc:"How many requests to models. Default: no limit."`
}

// allowance gives the layer that bounds what the step may use, none where nothing is said.
func (w *written) allowance() []plan.Layer {
	c, key := w.common, "budget"
	var l usage.Limits
	switch {
	case c.Budget != nil && c.UsageLimits != nil:
		w.wrong(w.node.get("usage_limits").position, w.at.key("usage_limits"), "keep one of them", "usage_limits says what budget says already")
		return nil
	case c.Budget != nil:
		l = usage.Limits{Tokens: w.amount(c.Budget.Tokens, key, "tokens"), Calls: w.amount(c.Budget.Calls, key, "calls"), Cost: w.money(c.Budget.CostUSD, key, "cost_usd")}
	case c.UsageLimits != nil:
		key = "usage_limits"
		l = usage.Limits{Tokens: w.amount(c.UsageLimits.Tokens, key, "total_tokens_limit"), Cost: w.money(c.UsageLimits.Cost, key, "total_cost_usd_limit")}
	default:
		return nil
	}
	if l == (usage.Limits{}) && !w.failed(w.at.key(key)) {
		w.wrong(w.node.get(key).position, w.at.key(key), "set a limit, or leave it out", "%s limits nothing", key)
	}
	return []plan.Layer{budget.AtMost(l)}
}

// expected gives the layer that sets aside what an attempt is expected to use, none where nothing is said.
func (w *written) expected() []plan.Layer {
	tokens := w.amount(w.common.Config.ExpectedTokens, "config", "expected_tokens")
	cost := w.money(w.common.Config.ExpectedCost, "config", "expected_cost_usd")
	if !tokens.Set() && !cost.Set() {
		return nil
	}
	if !w.leaf {
		key := "expected_tokens"
		if cost.Set() {
			key = "expected_cost_usd"
		}
		w.wrong(w.node.get("config").get(key).position, w.at.key("config").key(key), "put it at the steps inside",
			"%s is for steps that do work themselves, not for those that run others", key)
		return nil
	}
	return []plan.Layer{budget.Expect(usage.Usage{OutputTokens: tokens.Value(), Cost: cost.Value()})}
}

// amount gives a number that may not be negative as a limit, none where it was not written or is wrong.
func (w *written) amount(n *int64, in, key string) usage.Limit {
	switch {
	case n == nil || w.failed(w.at.key(in).key(key)):
		return usage.Limit{}
	case *n < 0:
		w.negative(in, key)
		return usage.Limit{}
	}
	return usage.AtMost(*n)
}

// money gives US dollars as a limit in micro-USD, rounded.
func (w *written) money(dollars *float64, in, key string) usage.Limit {
	if dollars == nil || w.failed(w.at.key(in).key(key)) {
		return usage.Limit{}
	}
	micro, ok := microUSD(*dollars)
	switch {
	case !ok:
		w.wrong(w.node.get(in).get(key).position, w.at.key(in).key(key), "", "%s is out of range", key)
		return usage.Limit{}
	case *dollars < 0:
		w.negative(in, key)
		return usage.Limit{}
	}
	return usage.AtMost(micro)
}

func (w *written) negative(in, key string) {
	w.wrong(w.node.get(in).get(key).position, w.at.key(in).key(key), "", "%s may not be negative", key)
}

// microUSD turns dollars into micro-USD, rounded. Not ok: it is beyond what can be counted.
func microUSD(dollars float64) (micro int64, ok bool) {
	rounded := math.Round(dollars * 1e6)
	if !(math.Abs(rounded) < math.MaxInt64) { // NaN is none either
		return 0, false
	}
	return int64(rounded), true
}
