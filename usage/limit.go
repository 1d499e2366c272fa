package usage

import (
	"errors"
	"fmt"
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

// Limits bound a run or a step. The zero value bounds nothing.
type Limits struct {
	// Duration is wall-clock time; 0: no limit. Engines keep it; Check does not look at it.
	Duration time.Duration
	// Calls bounds Usage.Requests, Tokens bounds Usage.Tokens, Cost bounds Usage.Cost in micro-USD.
	Calls, Tokens, Cost Limit
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

// LimitError says that more was used than allowed. It matches plan.ErrBudget, and no handler may swallow it.
type LimitError struct {
	// What is "cost", "tokens" or "calls".
	What string
	// Limit is what was allowed and Spent what was used: micro-USD for cost.
	Limit, Spent int64
}

// Error gives "cost limit of $0.1 exceeded: $0.12 spent".
func (e *LimitError) Error() string {
	switch e.What {
	case whatCost:
		return fmt.Sprintf("cost limit of %s exceeded: %s spent", shortCost(e.Limit), shortCost(e.Spent))
	case whatTokens:
		return fmt.Sprintf("token limit of %d exceeded: %d used", e.Limit, e.Spent)
	}
	return fmt.Sprintf("limit of %d %s exceeded: %d made", e.Limit, e.What, e.Spent)
}

// ErrorCode is plan.CodeBudget.
func (e *LimitError) ErrorCode() plan.Code { return plan.CodeBudget }

// Is matches plan.ErrBudget and every other error of that code.
func (e *LimitError) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == plan.CodeBudget
}
