package journal

import "context"

// ContextKey is the key under which a run's context holds its *Log.
type ContextKey struct{}

// LogOf gives the journal of the run that ctx belongs to, nil where there is none.
func LogOf(ctx context.Context) *Log {
	l, _ := ctx.Value(ContextKey{}).(*Log)
	return l
}

// idempotencyKey is the key under which a step's context gives its *execution.
type idempotencyKey struct{}

// execution is the context of an execution that has an idempotency key. It is one piece of memory, where context.WithValue takes two.
type execution struct {
	context.Context
	key string
}

// Value gives the context itself for an idempotencyKey.
func (e *execution) Value(key any) any {
	if _, ok := key.(idempotencyKey); ok {
		return e
	}
	return e.Context.Value(key)
}

// WithIdempotencyKey gives the context of an execution. It is for the layer that records.
func WithIdempotencyKey(ctx context.Context, key string) context.Context {
	return &execution{ctx, key}
}

// IdempotencyKey is the key that a step gives to services which do a thing once a key: the same in every attempt of the execution and
// whenever the run is resumed, another in every other run, round, branch and item. It is empty in a run without a journal.
func IdempotencyKey(ctx context.Context) string {
	if e, ok := ctx.Value(idempotencyKey{}).(*execution); ok {
		return e.key
	}
	return ""
}
