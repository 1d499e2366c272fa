package conditional

import (
	"context"
	"errors"
	"math"
	"strconv"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Spec is a conditional as written. In Go it is made by If, Switch and New; a blueprint decodes into it.
type Spec struct {
	Branches   spec.Branches `weir:"branches,required" doc:"The branches by key, each a step or a list of steps. The condition true finds the key true, the condition 3 the key 3."`
	Expression spec.Expr     `weir:"condition_expression" doc:"Gives the key of the branch to run: a string, a bool or a whole number. Sees previous_step (the step's input), also as output. One of condition_expression and condition is needed."`
	Condition  spec.Func     `weir:"condition" doc:"A registered function that takes the step's input and gives the key, in place of condition_expression."`
	Default    spec.Step     `weir:"default_branch" doc:"Runs when no branch has the key: a step or a list of steps. Default: the step fails."`

	choose   func(ctx context.Context, f plan.Frame, in any) (choice, error)
	input    func(ctx context.Context, in any) (any, error)
	output   func(ctx context.Context, out, key any) (any, error)
	pass     bool // without a branch the step returns its input
	mistakes []error
}

// Kind is the entry of conditional in the list of kinds.
func Kind() spec.Kind {
	return spec.Kind{
		Name: "conditional",
		Doc:  "Asks a condition and runs the branch that it names.",
		New:  func() spec.Spec { return &Spec{} },
	}
}

// Node checks the spec and makes the node.
func (s *Spec) Node() (plan.Node, error) {
	c := *s
	c.counted(len(c.Branches))
	t := newTable[string](len(c.Branches))
	for _, b := range c.Branches {
		if _, err := t.add(b.Name); err != nil {
			c.mistakes = append(c.mistakes, err)
		}
	}
	expression, condition := c.Expression, c.Condition
	switch {
	case expression.Set() && condition.Call != nil:
		c.mistake("condition_expression and condition say the same thing; give one of them")
	case expression.Set():
		c.choose = func(ctx context.Context, _ plan.Frame, in any) (choice, error) {
			v, err := expression.Eval(ctx, spec.Vars{spec.VarPrevious: in, spec.VarOutput: in})
			return named(t, expression.Source, v, err)
		}
	case condition.Call != nil:
		c.choose = func(ctx context.Context, f plan.Frame, in any) (choice, error) {
			v, err := condition.Call(ctx, f, in)
			return named(t, condition.Name, v, err)
		}
	default:
		c.mistake("nothing says which branch to run; give condition_expression or condition")
	}
	n := c.node()
	if err := errors.Join(n.spec.mistakes...); err != nil {
		return nil, err
	}
	return n, nil
}

// named finds the branch of a key that a blueprint's condition gave.
func named(t *table[string], source string, v any, err error) (choice, error) {
	if err != nil {
		return choice{}, err
	}
	text, ok := keyText(v)
	if !ok {
		return choice{}, plan.Errorf(plan.CodeExpression, "%.200s gives %s; it must give a string, a bool or a whole number", source, plan.Describe(v))
	}
	if i, ok := t.at[text]; ok {
		return choice{i, v}, nil
	}
	return choice{none, v}, nil
}

// keyText is the text of a key. Whole floats are numbers, since every number of JSON data is a float.
func keyText(v any) (string, bool) {
	switch k := v.(type) {
	case string:
		return k, true
	case bool:
		return strconv.FormatBool(k), true
	case int:
		return strconv.Itoa(k), true
	case int64:
		return strconv.FormatInt(k, 10), true
	case uint64:
		return strconv.FormatUint(k, 10), true
	case float64:
		const exact = 1 << 53 // beyond it not every whole number is a float64
		if k == math.Trunc(k) && math.Abs(k) <= exact {
			return strconv.FormatInt(int64(k), 10), true
		}
	}
	return "", false
}

// node makes the node, which keeps what is wrong with the spec until Compile asks.
func (s *Spec) node() *node { return &node{spec: *s} }

// counted notes that there are no branches.
func (s *Spec) counted(branches int) {
	if branches == 0 {
		s.mistake("there is no branch; give at least one")
	}
}

func (s *Spec) mistake(format string, args ...any) {
	s.mistakes = append(s.mistakes, plan.Errorf(plan.CodeConfig, format, args...))
}
