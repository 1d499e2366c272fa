package model

import "context"

// Model answers a request. Implementations are safe for use by several goroutines.
type Model interface {
	// Generate asks once and returns the whole answer. It does not change r and keeps no part of it. A failure of the
	// provider is an *Error; when ctx ends, the error matches ctx.Err() with errors.Is. It never retries.
	Generate(ctx context.Context, r *Request) (*Response, error)
}

// Named is implemented by models that know what they are called. Prices and telemetry use it.
type Named interface {
	// Provider is who answers: "openai".
	Provider() string
	// Name is the model's name at the provider: "gpt-4o".
	Name() string
}

// MaxResponse is how many bytes a provider reads of one answer, 16 MiB: the most that one step of a run may return. A
// longer answer is an *Error.
const MaxResponse = 16 << 20

// Func makes a Model of a function.
type Func func(ctx context.Context, r *Request) (*Response, error)

// Generate calls the function.
func (f Func) Generate(ctx context.Context, r *Request) (*Response, error) { return f(ctx, r) }
