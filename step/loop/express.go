package loop

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// compile turns what a blueprint wrote into hooks.
func (s *Spec) compile() {
	exits := 0
	for _, e := range []spec.Expr{s.Exit, s.Until} {
		if e.Set() {
			exits++
			s.hooks.until = condition(e)
		}
	}
	if fn := s.ExitCondition; fn.Call != nil {
		exits++
		s.hooks.until = func(ctx context.Context, f plan.Frame, at moment) (bool, error) {
			v, err := fn.Call(ctx, f, at.last)
			return truth(fn.Name, v, err)
		}
	}
	if exits > 1 {
		s.mistake("exit_expression, until and exit_condition say the same thing; give one of them")
	}
	if s.While.Set() {
		s.hooks.while = condition(s.While)
	}
	if s.NextInput.Set() {
		s.hooks.next = value(s.NextInput)
	}
	if s.Output.Set() {
		s.hooks.finish = value(s.Output)
	}
}

// condition asks an expression.
func condition(e spec.Expr) ask {
	return func(ctx context.Context, _ plan.Frame, at moment) (bool, error) {
		v, err := e.Eval(ctx, vars(at))
		return truth(e.Source, v, err)
	}
}

// value makes a value by a template.
func value(v spec.Value) mapping {
	return func(ctx context.Context, _ plan.Frame, at moment) (any, error) { return v.Eval(ctx, vars(at)) }
}

// vars is what expressions of a loop see.
func vars(at moment) spec.Vars {
	return spec.Vars{spec.VarOutput: at.last, spec.VarPrevious: at.in, spec.VarIteration: at.rounds}
}

// truth is what a condition said.
func truth(source string, v any, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, plan.Errorf(plan.CodeExpression, "%.200s gives %s; it must give true or false", source, plan.Describe(v))
	}
	return b, nil
}
