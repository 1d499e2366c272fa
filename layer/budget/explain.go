package budget

import (
	"fmt"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// Explain says how much the step may use.
func (l atMost) Explain() string {
	var parts []string
	if c := l.limits.Cost; c.Set() {
		parts = append(parts, usage.FormatCost(c.Value()))
	}
	if t := l.limits.Tokens; t.Set() {
		parts = append(parts, fmt.Sprintf("%d tokens", t.Value()))
	}
	if c := l.limits.Calls; c.Set() {
		parts = append(parts, plan.Count(int(c.Value()), "call"))
	}
	if parts == nil {
		return ""
	}
	return "may use at most " + plan.Enumerate(parts...) + ", with all that is below it"
}

// Explain says that the budget is shared.
func (from) Explain() string { return "takes what it uses from a budget that others may share" }

// Explain says what is set aside.
func (l reserve) Explain() string {
	if l.asks {
		return "sets aside what an estimator expects before each attempt"
	}
	if l.expected.IsZero() {
		return ""
	}
	text := "sets aside"
	if l.expected.Cost > 0 {
		text += " " + usage.FormatCost(l.expected.Cost)
	}
	if n := l.expected.Tokens(); n > 0 {
		text += fmt.Sprintf(" %d tokens", n)
	}
	return text + " before each attempt"
}

// Fingerprint is empty: what a step may use does not change what it answers.
func (atMost) Fingerprint() string { return "" }

// Fingerprint is empty: what a step may use does not change what it answers.
func (from) Fingerprint() string { return "" }

// Fingerprint is empty: what a step may use does not change what it answers.
func (reserve) Fingerprint() string { return "" }
