package usage

import "math"

// Usage is what one or more model calls consumed. The zero value is nothing.
type Usage struct {
	// Requests is how many calls were made.
	Requests int64 `json:"requests,omitzero"`
	// InputTokens is what was sent, CachedTokens the part of it that the provider had in its prompt cache.
	InputTokens  int64 `json:"input_tokens,omitzero"`
	CachedTokens int64 `json:"cached_tokens,omitzero"`
	// OutputTokens is what came back, ReasoningTokens the part of it that was thought and not shown.
	OutputTokens    int64 `json:"output_tokens,omitzero"`
	ReasoningTokens int64 `json:"reasoning_tokens,omitzero"`
	// Cost is money in micro-USD.
	Cost int64 `json:"cost_micro_usd,omitzero"`
}

// Add gives the sum of u and o. A sum beyond int64 stays at its end, so that a false report cannot wrap round a limit.
func (u Usage) Add(o Usage) Usage {
	return Usage{
		Requests:        add(u.Requests, o.Requests),
		InputTokens:     add(u.InputTokens, o.InputTokens),
		CachedTokens:    add(u.CachedTokens, o.CachedTokens),
		OutputTokens:    add(u.OutputTokens, o.OutputTokens),
		ReasoningTokens: add(u.ReasoningTokens, o.ReasoningTokens),
		Cost:            add(u.Cost, o.Cost),
	}
}

// Since gives what was used since o, an earlier state of u. Numbers that went down count as 0.
func (u Usage) Since(o Usage) Usage {
	rest := func(a, b int64) int64 { return max(0, a-b) }
	return Usage{
		Requests:        rest(u.Requests, o.Requests),
		InputTokens:     rest(u.InputTokens, o.InputTokens),
		CachedTokens:    rest(u.CachedTokens, o.CachedTokens),
		OutputTokens:    rest(u.OutputTokens, o.OutputTokens),
		ReasoningTokens: rest(u.ReasoningTokens, o.ReasoningTokens),
		Cost:            rest(u.Cost, o.Cost),
	}
}

// Tokens is input and output together; cached and reasoning tokens are parts of these and not counted again.
func (u Usage) Tokens() int64 { return add(u.InputTokens, u.OutputTokens) }

// IsZero says that nothing was used.
func (u Usage) IsZero() bool { return u == Usage{} }

// Clamp gives u with each negative number set to 0, and no more cached than input and no more reasoning than output tokens.
func (u Usage) Clamp() Usage {
	input, output := max(u.InputTokens, 0), max(u.OutputTokens, 0)
	return Usage{
		Requests:        max(u.Requests, 0),
		InputTokens:     input,
		CachedTokens:    min(max(u.CachedTokens, 0), input),
		OutputTokens:    output,
		ReasoningTokens: min(max(u.ReasoningTokens, 0), output),
		Cost:            max(u.Cost, 0),
	}
}

// add is a + b, held within int64.
func add(a, b int64) int64 {
	sum := a + b
	switch {
	case a > 0 && b > 0 && sum < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && sum >= 0:
		return math.MinInt64
	}
	return sum
}
