package builtin

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// argument is a key whose value is rendered when the step runs; without one it is the step's input.
type argument struct {
	function, key string
	value         spec.Value
}

// written is a text as it stands in the blueprint, expressions and all.
func written(v spec.Value) string {
	if text, ok := v.Source.(string); ok {
		return plan.Line(text)
	}
	return plan.Excerpt(v.Source)
}

// get gives the value.
func (a argument) get(ctx context.Context, in any) (any, error) {
	if !a.value.Set() {
		return in, nil
	}
	v, err := a.value.Eval(ctx, spec.Vars{spec.VarPrevious: in})
	if err != nil {
		return nil, plan.Errorf(codeOr(err, plan.CodeExpression), "%s: %s: %w", a.function, a.key, err)
	}
	return v, nil
}

// text gives the value, which must be text and not empty.
func (a argument) text(ctx context.Context, in any) (string, error) {
	v, err := a.get(ctx, in)
	if err != nil {
		return "", err
	}
	text, ok := v.(string)
	switch {
	case !ok && !a.value.Set():
		return "", plan.Errorf(plan.CodeInput, "%s: %s: the input is %s; it must be text where %s is not given", a.function, a.key, describe(v), a.key)
	case !ok:
		return "", plan.Errorf(plan.CodeInput, "%s: %s: the value is %s; it must be text", a.function, a.key, describe(v))
	case text == "":
		return "", plan.Errorf(plan.CodeInput, "%s: %s: the text is empty", a.function, a.key)
	}
	return text, nil
}
