package usage

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/weirflow/weir/plan"
)

// Limit is an upper bound that may be absent. The zero value is no limit; AtMost makes one, and AtMost(0) is a limit.
type Limit struct {
	n   int64
	set bool
}

// AtMost is a limit of n. A negative n is refused by Limits.Validate.
func AtMost(n int64) Limit { return Limit{n: n, set: true} }

// Set says that there is a limit.
func (l Limit) Set() bool { return l.set }

// Value is the bound, 0 where there is none.
func (l Limit) Value() int64 { return l.n }

// Exceeded says that spent is above the limit; equal is allowed, and without a limit nothing is above it.
func (l Limit) Exceeded(spent int64) bool { return l.set && spent > l.n }

// MarshalJSON gives the bound as a number, null where there is none.
func (l Limit) MarshalJSON() ([]byte, error) {
	if !l.set {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, l.n, 10), nil
}

// UnmarshalJSON reads what MarshalJSON gives. What is no whole number, and one beyond int64, is an error, and the limit stays as it was.
func (l *Limit) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*l = Limit{}
		return nil
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return plan.Errorf(plan.CodeInput, "a limit is a whole number, or null for none: %w", err)
	}
	*l = AtMost(n)
	return nil
}

// Limits bound a run or a step. The zero value bounds nothing. In JSON a limit that is absent has no key.
type Limits struct {
	// Duration is wall-clock time; 0: no limit. Engines keep it; Check does not look at it.
	Duration time.Duration `json:"duration_ns,omitzero"`
	// Calls bounds Usage.Requests, Tokens bounds Usage.Tokens, Cost bounds Usage.Cost in micro-USD.
	Calls  Limit `json:"calls,omitzero"`
	Tokens Limit `json:"tokens,omitzero"`
	Cost   Limit `json:"cost_micro_usd,omitzero"`
}

// Validate refuses negative limits, all of them at once. The error has plan.CodeConfig.
func (l Limits) Validate() error {
	var errs []error
	if l.Duration < 0 {
		errs = append(errs, plan.Errorf(plan.CodeConfig, "the duration limit is %v; it may not be negative (0 means no limit)", l.Duration))
	}
	for _, b := range l.bounds(Usage{}) {
		if b.limit.set && b.limit.n < 0 {
			errs = append(errs, plan.Errorf(plan.CodeConfig, "the %s limit is %d; it may not be negative (leave it out for no limit)", b.what, b.limit.n))
		}
	}
	return errors.Join(errs...)
}

// Check compares what was used with the limits: nil, or a *LimitError for the first that is exceeded, in the order cost,
// tokens, calls. It is nil where spent equals the limit.
func (l Limits) Check(u Usage) error {
	for _, b := range l.bounds(u) {
		if b.limit.Exceeded(b.spent) {
			return &LimitError{What: b.what, Limit: b.limit.n, Spent: b.spent}
		}
	}
	return nil
}

// bound is one limit with its name and what was spent of it.
type bound struct {
	what  string
	limit Limit
	spent int64
}

// bounds are the limits in the order in which they are reported.
func (l Limits) bounds(u Usage) [3]bound {
	return [3]bound{{whatCost, l.Cost, u.Cost}, {whatTokens, l.Tokens, u.Tokens()}, {whatCalls, l.Calls, u.Requests}}
}

// What a LimitError can be about.
const (
	whatCost   = "cost"
	whatTokens = "tokens"
	whatCalls  = "calls"
)

// LimitError says that more was used than allowed, or that a reservation was refused because it would be. It matches
// plan.ErrBudget, and no handler may swallow it.
type LimitError struct {
	// What is "cost", "tokens" or "calls".
	What string
	// Limit is what was allowed and Spent what was used, what passed the limit included: micro-USD for cost.
	Limit, Spent int64
	// Reserved is what was set aside for steps that had not ended, and Left what could be used before this.
	Reserved, Left int64
	// Refused says that a reservation was refused, of what Wanted says: nothing was used, and Spent is what others used.
	Refused bool
	Wanted  int64
	// Share says that the limit was a parallel branch's share of a greater one.
	Share bool
}

// Over is how much more was used than allowed, what is set aside counted in; 0 for a refusal.
func (e *LimitError) Over() int64 {
	if e.Refused {
		return 0
	}
	return max(0, add(e.Spent, e.Reserved)-e.Limit)
}

// Error gives "cost limit of $0.1 exceeded: $0.12 spent".
func (e *LimitError) Error() string {
	number, limit, spent := decimal, "limit of %s "+e.What, "made"
	switch e.What {
	case whatCost:
		number, limit, spent = shortCost, "cost limit of %s", "spent"
	case whatTokens:
		limit, spent = "token limit of %s", "used"
	}
	text := fmt.Sprintf(limit, number(e.Limit))
	if e.Refused {
		text += " leaves too little: " + number(e.Wanted) + " expected, " + number(e.Left) + " left"
	} else {
		text += " exceeded: " + number(e.Spent) + " " + spent
	}
	if e.Reserved > 0 {
		text += ", " + number(e.Reserved) + " set aside for steps that run"
	}
	if e.Share {
		text += " (the limit is one branch's share)"
	}
	return text
}

// ErrorCode is plan.CodeBudget.
func (e *LimitError) ErrorCode() plan.Code { return plan.CodeBudget }

// Is matches plan.ErrBudget and every other error of that code.
func (e *LimitError) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == plan.CodeBudget
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
