package builtin

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// condition asks an expression about items, one after the other. It belongs to one call: the map of variables is reused,
// which an expression cannot see since it keeps nothing.
type condition struct {
	what string // for messages: "select: where"
	expr spec.Expr
	vars spec.Vars
}

func newCondition(what string, expr spec.Expr, in any) *condition {
	return &condition{what: what, expr: expr, vars: spec.Vars{spec.VarPrevious: in}}
}

// holds says whether the expression is true of the item. Without an expression it is.
func (c *condition) holds(ctx context.Context, item any, index int) (bool, error) {
	if !c.expr.Set() {
		return true, nil
	}
	c.vars[spec.VarItem], c.vars[spec.VarIndex] = item, int64(index)
	v, err := c.expr.Eval(ctx, c.vars)
	if err != nil {
		return false, plan.Errorf(codeOr(err, plan.CodeExpression), "%s: item %d: %w", c.what, index, err)
	}
	b, ok := v.(bool)
	if !ok {
		return false, plan.Errorf(plan.CodeExpression, "%s: item %d: %q gives %s; it must give true or false", c.what, index, c.expr.Source, describe(v))
	}
	return b, nil
}

// codeOr gives the error's own code, or another where it has none.
func codeOr(err error, code plan.Code) plan.Code {
	if own := plan.CodeOf(err); own != plan.CodeFailed {
		return own
	}
	return code
}

// stopped looks at the context now and then in a loop over items, and says why it ended.
func stopped(ctx context.Context, i int) error {
	if i&1023 != 0 {
		return nil
	}
	return context.Cause(ctx)
}
