package builtin

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// Passthrough gives its input as its output.
type Passthrough struct{}

// Build makes the call.
func (*Passthrough) Build(Env) (Call, error) {
	return func(_ context.Context, in any) (any, error) { return in, nil }, nil
}

// ToJSON writes its input as JSON text.
type ToJSON struct {
	Indent bool `weir:"indent" doc:"Writes one value a line, two blanks a level, and ends with a line end. Default false."`
}

// Build makes the call.
func (t *ToJSON) Build(Env) (Call, error) {
	indent := ""
	if t.Indent {
		indent = "  "
	}
	return func(_ context.Context, in any) (any, error) {
		b, err := encodeJSON(in, indent)
		if err != nil {
			return nil, plan.Errorf(plan.CodeInput, "to_json: the input %w", err)
		}
		return string(b), nil
	}, nil
}

// FromJSON reads JSON text: one value, nested at most 100 deep. Whole numbers that fit become int64, others float64.
type FromJSON struct{}

// Build makes the call.
func (*FromJSON) Build(Env) (Call, error) {
	return func(_ context.Context, in any) (any, error) {
		text, ok := in.(string)
		if !ok {
			return nil, badInput("from_json", "text", in)
		}
		v, err := decodeJSON(text)
		if err != nil {
			return nil, plan.Errorf(plan.CodeInput, "from_json: %w", err)
		}
		return v, nil
	}, nil
}
