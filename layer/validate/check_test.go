package validate_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// program is an expression written in Go.
type program func(spec.Vars) (any, error)

func (p program) Eval(_ context.Context, vars spec.Vars) (any, error) { return p(vars) }

func expr(source string, p program) spec.Expr { return spec.Expr{Source: source, Program: p} }

func TestExpr(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, message string
		gives         any
		fails         error
		want          string // in the error; empty: it passes
	}{
		{"true passes", "", true, nil, ""},
		{"false fails with the message", "too short", false, nil, "long enough: too short"},
		{"false without a message tells the expression", "", false, nil, "not true: size(output) > 9"},
		{"a number is no verdict", "", 3, nil, "validator long enough failed: size(output) > 9 gives int; it must give true or false"},
		{"nothing is no verdict", "", nil, nil, "gives nothing"},
		{"an expression that fails", "", nil, errors.New("no such key"), "validator long enough failed: no such key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check := validate.Expr("long enough", expr("size(output) > 9", func(vars spec.Vars) (any, error) {
				if vars[spec.VarOutput] != "draft" || vars[spec.VarPrevious] != "brief" {
					t.Errorf("the expression sees %v", vars)
				}
				return c.gives, c.fails
			}), c.message)
			out, _, err := judged(t, check)
			if out != "draft" || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v; want %q", out, err, c.want)
			}
		})
	}
}

func TestACheckOfAnotherTypeThanTheOutputFailsAndSaysSo(t *testing.T) {
	t.Parallel()
	// The step's type is not known before it runs, as with a blueprint's.
	_, _, err := judged(t, validate.With("positive", func(int) error { return nil }))
	if err == nil || !strings.Contains(err.Error(), "validator positive failed: it checks a int, but the step gave string") {
		t.Errorf("error %v", err)
	}
}

func TestACheckMayTakeAnInterfaceOrNothing(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context, plan.Frame, any) (any, error) { return nil, nil }
	calls := 0
	for _, l := range []plan.Layer{
		validate.With("any", func(any) error { calls++; return nil }),
		validate.With("pointer", func(p *int) error {
			calls++
			if p != nil {
				return errBad
			}
			return nil
		}),
	} {
		if _, err := layertest.Build(t, layertest.Step(nothing, l))(t.Context(), &layertest.Frame{}, nil); err != nil {
			t.Error(err)
		}
	}
	if calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
}

func TestMistakesAreToldAtCompile(t *testing.T) {
	t.Parallel()
	ok := func(string) error { return nil }
	for want, l := range map[string]plan.Layer{
		`check "": it has no name`:                       validate.With("", ok),
		`check "a": its function is nil`:                 validate.With[string]("a", nil),
		`check "b": its function is nil`:                 validate.Context[string]("b", nil),
		`check "c": its expression is empty`:             validate.Expr("c", spec.Expr{}, ""),
		"it was never made":                              validate.Check{},
		`check "d": its function is nil`:                 validate.All(validate.With("fine", ok), validate.With[string]("d", nil)),
		`check "e": it checks a int, but the step gives`: validate.With("e", func(int) error { return nil }),
	} {
		step := weir.Func("write", func(context.Context, int) (string, error) { return "", nil }).With(l)
		if _, err := weir.Compile(step, nil); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "write") {
			t.Errorf("mistake %v does not tell %q at write", err, want)
		}
	}
}

func TestNoChecksAddNothing(t *testing.T) {
	t.Parallel()
	if out, _, err := judged(t, validate.All()); out != "draft" || err != nil {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestTheStepIsKnownToHaveValidators(t *testing.T) {
	t.Parallel()
	for want, l := range map[bool]plan.Layer{
		true:  validate.With("a", func(string) error { return nil }),
		false: validate.All(),
	} {
		p, err := plan.Build(layertest.Step(draft, l), plan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if a := p.Sites[0].Analysis; a.HasValidators != want || a.Cacheable == want {
			t.Errorf("analysis %+v", a)
		}
	}
}
