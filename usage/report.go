package usage

import "context"

// ContextKey is the key under which a run's context holds its Sink.
type ContextKey struct{}

// Sink takes what the steps of a run used. An engine implements it.
type Sink interface {
	// Report counts u for the step that runs under the context. An error is a breach of a limit, which the step returns.
	Report(u Usage) error
	// Reserve sets u aside for the step that runs, before it spends it; an error is a refusal (plan.ErrBudget), and nothing
	// is set aside then. What is reported later is taken from what was set aside first. Release gives back the rest; the end
	// of the step does too.
	Reserve(u Usage) error
	Release()
	// Budget is what the steps that run here may still use, nil: no limit. Draw sets another for what runs until it is set back;
	// branches and items that start meanwhile have their part of it.
	Budget() *Budget
	Draw(*Budget)
	// Pending is what was reported for the step that runs. Replay counts u for a step that was run in an earlier part of
	// the run: meters have been told then, limits count it again.
	Pending() Usage
	Replay(u Usage)
}

// SinkOf gives the sink of the run that ctx belongs to, nil outside a run.
func SinkOf(ctx context.Context) Sink {
	sink, _ := ctx.Value(ContextKey{}).(Sink)
	return sink
}

// Report tells the run that ctx belongs to what a step used; negative numbers count as 0. It is nil outside a run. An
// error is a breach of a limit (plan.ErrBudget): the step must return it and may not go on.
func Report(ctx context.Context, u Usage) error {
	sink, ok := ctx.Value(ContextKey{}).(Sink)
	if !ok {
		return nil
	}
	u = u.Clamp()
	if b, ok := ctx.Value(besideKey{}).(*beside); ok {
		b.add(ctx, u)
	}
	return sink.Report(u)
}

// Reserve sets usage aside for a further call that the step which runs under ctx is about to make. An error says that the
// budget has been passed or does not have that much (plan.ErrBudget): the step must return it and not make the call. It is nil
// outside a run.
func Reserve(ctx context.Context, u Usage) error {
	sink, ok := ctx.Value(ContextKey{}).(Sink)
	if !ok {
		return nil
	}
	return sink.Reserve(u.Clamp())
}
