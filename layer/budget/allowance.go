package budget

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// AtMost lets each execution of the step, with all that is below it, use no more than this. Inside a retry it holds for each
// attempt anew, outside it for all of them together. Limits that are not set limit nothing; with none the layer adds nothing
// to the step. Negative limits, and a Duration, for which there is timeout.After, are mistakes that Compile reports.
func AtMost(l usage.Limits) plan.Layer { return atMost{l} }

// From makes the step, with all that is below it, take what it uses from b, which other steps and runs may share. A nil Budget
// is a mistake that Compile reports. Branches of a parallel step do not divide b: they take from it as they come.
func From(b *usage.Budget) plan.Layer { return from{b} }

type atMost struct{ limits usage.Limits }

type from struct{ budget *usage.Budget }

// Name is "allowance".
func (atMost) Name() string { return allowance }

// Name is "allowance".
func (from) Name() string { return allowance }

const allowance = "allowance"

// Wrap runs next on a budget of its own.
func (l atMost) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	limits := l.limits
	if err := limits.Validate(); err != nil {
		b.Fail(err)
		return next
	}
	if limits.Duration > 0 {
		b.Failf("budget.AtMost keeps no duration (%v); put timeout.After round the step", limits.Duration)
		return next
	}
	if limits == (usage.Limits{}) {
		return next
	}
	return drawing(func(outer *usage.Budget) *usage.Budget { return outer.Sub(limits) }, next)
}

// Wrap runs next on the shared budget.
func (l from) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if l.budget == nil {
		b.Failf("budget.From(nil): give a Budget, or leave the layer out")
		return next
	}
	return drawing(func(outer *usage.Budget) *usage.Budget { return outer.And(l.budget) }, next)
}

// drawing runs next with another budget in place of the one that the run has there.
func drawing(inner func(outer *usage.Budget) *usage.Budget, next plan.Op) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		sink := usage.SinkOf(ctx)
		if sink == nil {
			return next(ctx, f, in)
		}
		outer := sink.Budget()
		sink.Draw(inner(outer))
		defer sink.Draw(outer)
		return next(ctx, f, in)
	}
}
