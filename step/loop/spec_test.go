package loop_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/steptest"
)

// program is an expression made of a function.
type program func(spec.Vars) (any, error)

func (p program) Eval(_ context.Context, v spec.Vars) (any, error) { return p(v) }

func expr(f func(spec.Vars) (any, error)) spec.Expr {
	return spec.Expr{Source: "the expression", Program: program(f)}
}

// always is an expression with one value.
func always(v any) spec.Expr { return expr(func(spec.Vars) (any, error) { return v, nil }) }

// decoded is a loop as a blueprint would make it.
func decoded(fill func(*loop.Spec)) (plan.Node, error) {
	s := loop.Kind().New().(*loop.Spec)
	s.Body = spec.Step{Step: weir.Func("inc", func(_ context.Context, n int) (int, error) { return n + 1, nil }).Written()}
	fill(s)
	return s.Node()
}

// run runs a loop as a blueprint would make it.
func run(t *testing.T, in any, fill func(*loop.Spec)) (*weir.Result[any], error) {
	t.Helper()
	n, err := decoded(fill)
	if err != nil {
		t.Fatal(err)
	}
	return steptest.Execute(t, weir.Dynamic(&plan.Step{Name: "grow", Node: n}), in)
}

func TestABlueprintsMaximumAloneMeansThatManyRounds(t *testing.T) {
	t.Parallel()
	r, err := run(t, 0, func(s *loop.Spec) { s.MaxLoops = 7 })
	if err != nil || r.Output != 7 {
		t.Errorf("got %v, %v; want 7", r.Output, err)
	}
}

func TestABlueprintsConditionAloneHasTheDefaultMaximum(t *testing.T) {
	t.Parallel()
	r, err := run(t, 0, func(s *loop.Spec) { s.Until = always(false) })
	steptest.Failed(t, err, plan.CodeMaxLoops, "grow")
	ended(t, r, "grow", loop.ExitMax, loop.DefaultMax)
}

func TestConditionsOfABlueprintSeeTheLoop(t *testing.T) {
	t.Parallel()
	var seen []spec.Vars
	condition := expr(func(v spec.Vars) (any, error) {
		seen = append(seen, v)
		return v[spec.VarOutput].(int) == 12, nil
	})
	for name, fill := range map[string]func(*loop.Spec){
		"exit_expression": func(s *loop.Spec) { s.Exit = condition },
		"until":           func(s *loop.Spec) { s.Until = condition },
	} {
		seen = nil
		r, err := run(t, 10, fill)
		if err != nil || r.Output != 12 || len(seen) != 2 {
			t.Fatalf("%s: got %v, asked %d times, %v; want 12, 2", name, r.Output, len(seen), err)
		}
		if v := seen[0]; v[spec.VarOutput] != 11 || v[spec.VarPrevious] != 10 || v[spec.VarIteration] != 1 {
			t.Errorf("%s: the first time it saw %v", name, v)
		}
	}
}

func TestWhileOfABlueprintIsAskedFirst(t *testing.T) {
	t.Parallel()
	r, err := run(t, 10, func(s *loop.Spec) {
		s.While = expr(func(v spec.Vars) (any, error) { return v[spec.VarOutput].(int) < 10, nil })
	})
	if err != nil || r.Output != 10 {
		t.Errorf("got %v, %v; want the input", r.Output, err)
	}
	ended(t, r, "grow", loop.ExitCondition, 0)
}

func TestNextInputAndOutputOfABlueprint(t *testing.T) {
	t.Parallel()
	r, err := run(t, 1, func(s *loop.Spec) {
		s.MaxLoops = 3
		s.NextInput = spec.Value{Program: program(func(v spec.Vars) (any, error) { return v[spec.VarOutput].(int) * 10, nil })}
		s.Output = spec.Value{Program: program(func(v spec.Vars) (any, error) { return []any{v[spec.VarOutput], v[spec.VarIteration]}, nil })}
	})
	if out, _ := r.Output.([]any); err != nil || len(out) != 2 || out[0] != 211 || out[1] != 3 {
		t.Errorf("got %v, %v; want [211 3]", r.Output, err)
	}
}

func TestAFunctionCanBeTheConditionOfABlueprint(t *testing.T) {
	t.Parallel()
	r, err := run(t, 0, func(s *loop.Spec) {
		s.ExitCondition = spec.Func{Name: "enough", Call: func(_ context.Context, _ plan.Frame, in any) (any, error) { return in == 2, nil }}
	})
	if err != nil || r.Output != 2 {
		t.Errorf("got %v, %v; want 2", r.Output, err)
	}
}

func TestAConditionThatIsNoBoolIsAFailure(t *testing.T) {
	t.Parallel()
	r, err := run(t, 0, func(s *loop.Spec) { s.Until = always("yes") })
	steptest.Failed(t, err, plan.CodeExpression, "grow")
	ended(t, r, "grow", loop.ExitAsked, 1)
	r, err = run(t, 0, func(s *loop.Spec) { s.While = expr(func(spec.Vars) (any, error) { return nil, errBoom }) })
	if !errors.Is(err, errBoom) {
		t.Errorf("%v; want boom", err)
	}
	ended(t, r, "grow", loop.ExitAsked, 0)
}

func TestMistakesInASpecAreAllTold(t *testing.T) {
	t.Parallel()
	for why, fill := range map[string]func(*loop.Spec){
		"no body":                  func(s *loop.Spec) { s.Body, s.MaxLoops = spec.Step{}, 1 },
		"would never end":          func(*loop.Spec) {},
		"at least 1":               func(s *loop.Spec) { s.MaxLoops, s.Until = 0, always(true) },
		"of at most -3":            func(s *loop.Spec) { s.MaxLoops = -3 },
		"give one of them":         func(s *loop.Spec) { s.Exit, s.Until = always(true), always(true) },
		"delay between rounds is":  func(s *loop.Spec) { s.MaxLoops, s.Delay = 1, -time.Second },
		`on_max is "maybe"`:        func(s *loop.Spec) { s.MaxLoops, s.OnMax = 1, "maybe" },
		"the loop would never end": func(s *loop.Spec) { s.Body = spec.Step{} },
	} {
		n, err := decoded(fill)
		if err == nil || n != nil || !strings.Contains(err.Error(), why) {
			t.Errorf("got %v; want a mistake that says %q", err, why)
		}
	}
	if _, err := decoded(func(s *loop.Spec) { s.Body = spec.Step{} }); !strings.Contains(err.Error(), "no body") {
		t.Errorf("%v leaves out that there is no body", err)
	}
}

func TestASpecCanBeUsedTwice(t *testing.T) {
	t.Parallel()
	s := loop.Kind().New().(*loop.Spec)
	for range 2 {
		if _, err := s.Node(); err == nil || strings.Count(err.Error(), "no body") != 1 {
			t.Errorf("%v; want one mistake about the body", err)
		}
	}
}
