package journal

import "context"

// ContextKey is the key under which a run's context holds its *Log.
type ContextKey struct{}

// LogOf gives the journal of the run that ctx belongs to, nil where there is none.
func LogOf(ctx context.Context) *Log {
	l, _ := ctx.Value(ContextKey{}).(*Log)
	return l
}

// idempotencyKey is the key under which a step's context holds its idempotency key.
type idempotencyKey struct{}

// WithIdempotencyKey gives the context of an execution. It is for the layer that records.
func WithIdempotencyKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, idempotencyKey{}, key)
}

// IdempotencyKey is the key that a step gives to services which do a thing once a key: the same in every attempt of the execution and
// whenever the run is resumed, another in every other run, round, branch and item. It is empty in a run without a journal.
func IdempotencyKey(ctx context.Context) string {
	key, _ := ctx.Value(idempotencyKey{}).(string)
	return key
}
