package conditional_test

import (
	"context"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/steptest"
)

// program is an expression made of a function.
type program func(spec.Vars) (any, error)

func (p program) Eval(_ context.Context, v spec.Vars) (any, error) { return p(v) }

// always is an expression with one value.
func always(v any) spec.Expr {
	return spec.Expr{Source: "the expression", Program: program(func(spec.Vars) (any, error) { return v, nil })}
}

func named(name string) spec.Branch {
	return spec.Branch{Name: name, Step: spec.Step{Step: says("say_" + name).Written()}}
}

// run runs a conditional as a blueprint would make it.
func run(t *testing.T, in any, fill func(*conditional.Spec)) (*weir.Result[any], error) {
	t.Helper()
	s := conditional.Kind().New().(*conditional.Spec)
	s.Branches = spec.Branches{named("true"), named("7"), named("a")}
	fill(s)
	n, err := s.Node()
	if err != nil {
		t.Fatal(err)
	}
	return steptest.Execute(t, weir.Dynamic(&plan.Step{Name: "pick", Node: n}), in)
}

func TestB098_KeysOfABlueprintAreTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key any
		out string
	}{{true, "say_true"}, {"true", "say_true"}, {int64(7), "say_7"}, {7, "say_7"}, {uint64(7), "say_7"}, {7.0, "say_7"}, {"a", "say_a"}} {
		r, err := run(t, "in", func(s *conditional.Spec) { s.Expression = always(c.key) })
		if err != nil || r.Output != c.out {
			t.Errorf("%T %v: got %v, %v; want %s", c.key, c.key, r.Output, err, c.out)
		}
		chose(t, r, "pick", c.key, strings.TrimPrefix(c.out, "say_"))
	}
}

func TestAKeyThatIsNoKeyIsAFailure(t *testing.T) {
	t.Parallel()
	for _, key := range []any{nil, 1.5, 1e300, []any{"a"}, map[string]any{}} {
		_, err := run(t, "in", func(s *conditional.Spec) { s.Expression = always(key) })
		steptest.Failed(t, err, plan.CodeExpression, "pick")
	}
	_, err := run(t, "in", func(s *conditional.Spec) { s.Expression = always(false) })
	steptest.Failed(t, err, plan.CodeNoBranch, "pick")
}

func TestTheConditionOfABlueprintSeesTheInput(t *testing.T) {
	t.Parallel()
	r, err := run(t, "a", func(s *conditional.Spec) {
		s.Expression = spec.Expr{Program: program(func(v spec.Vars) (any, error) { return v[spec.VarPrevious], nil })}
	})
	if err != nil || r.Output != "say_a" {
		t.Errorf("got %v, %v; want say_a", r.Output, err)
	}
	r, err = run(t, "z", func(s *conditional.Spec) {
		s.Condition = spec.Func{Name: "self", Call: func(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }}
		s.Default = named("else").Step
	})
	if err != nil || r.Output != "say_else" {
		t.Errorf("got %v, %v; want say_else", r.Output, err)
	}
	chose(t, r, "pick", "z", "default")
}

func TestMistakesInASpecAreAllTold(t *testing.T) {
	t.Parallel()
	for why, s := range map[string]*conditional.Spec{
		"nothing says which branch":   {Branches: spec.Branches{named("a")}},
		"say the same thing":          {Branches: spec.Branches{named("a")}, Expression: always("a"), Condition: spec.Func{Call: func(context.Context, plan.Frame, any) (any, error) { return nil, nil }}},
		"there is no branch":          {Expression: always("a"), Default: named("a").Step},
		`two cases have the key "a"`:  {Branches: spec.Branches{named("a"), named("a")}, Expression: always("a")},
		"there is no branch; give":    {},
		"give condition_expression o": {Branches: spec.Branches{named("a"), named("a")}},
	} {
		if n, err := s.Node(); err == nil || n != nil || !strings.Contains(err.Error(), why) {
			t.Errorf("got %v; want a mistake that says %q", err, why)
		}
	}
}
