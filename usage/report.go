package usage

import "context"

// ContextKey is the key under which a run's context holds its Sink.
type ContextKey struct{}

// Sink takes what the steps of a run used. An engine implements it.
type Sink interface {
	// Report counts u for the step that runs under the context. An error is a breach of a limit, which the step returns.
	Report(u Usage) error
}

// Report tells the run that ctx belongs to what a step used; negative numbers count as 0. It is nil outside a run. An
// error is a breach of a limit (plan.ErrBudget): the step must return it and may not go on.
func Report(ctx context.Context, u Usage) error {
	sink, ok := ctx.Value(ContextKey{}).(Sink)
	if !ok {
		return nil
	}
	return sink.Report(u.Clamp())
}
