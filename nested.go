package weir

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// nestedNote is the note under which a step keeps the steps of a run that it made itself. It shows as StepResult.Steps.
const nestedNote = "nested_steps"

// nested is a *Result of any type.
type nested interface {
	spent() (u usage.Usage, steps []StepResult, ok bool)
}

// spent gives what a run used and its steps; ok is false for no result.
func (r *Result[O]) spent() (u usage.Usage, steps []StepResult, ok bool) {
	if r == nil {
		return usage.Usage{}, nil, false
	}
	return r.Usage, r.Steps, true
}

// counting is f for functions that return the Result of a run that they made: what that run used counts for the step as well,
// also when the run failed. What the function reported itself is not counted twice.
func counting[I, O any](f func(context.Context, I) (O, error)) func(context.Context, plan.Frame, *plan.Site, I) (O, error) {
	if _, ok := any(*new(O)).(nested); !ok {
		return nil
	}
	return func(ctx context.Context, frame plan.Frame, site *plan.Site, in I) (O, error) {
		sink := usage.SinkOf(ctx)
		if sink == nil {
			return f(ctx, in)
		}
		before := sink.Pending()
		out, err := f(ctx, in)
		u, steps, ok := any(out).(nested).spent()
		if !ok {
			return out, err
		}
		frame.Note(site, "nested_usage_aggregated", true)
		frame.Note(site, nestedNote, steps)
		if breach := usage.Report(ctx, beyond(u, before, sink.Pending())); breach != nil && (err == nil || !plan.Final(err)) {
			err = breach
		}
		return out, err
	}
}

// beyond is what of u was not reported between two moments.
func beyond(u, before, after usage.Usage) usage.Usage {
	rest := func(u, before, after int64) int64 { return max(0, u-max(0, after-before)) }
	return usage.Usage{
		Requests:        rest(u.Requests, before.Requests, after.Requests),
		InputTokens:     rest(u.InputTokens, before.InputTokens, after.InputTokens),
		CachedTokens:    rest(u.CachedTokens, before.CachedTokens, after.CachedTokens),
		OutputTokens:    rest(u.OutputTokens, before.OutputTokens, after.OutputTokens),
		ReasoningTokens: rest(u.ReasoningTokens, before.ReasoningTokens, after.ReasoningTokens),
		Cost:            rest(u.Cost, before.Cost, after.Cost),
	}
}
