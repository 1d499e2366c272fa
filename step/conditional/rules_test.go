package conditional_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/steptest"
)

// rules take a text, choose by it, double its number in the branch and give a text with the key.
func rules() conditional.Rules[string, int, int, string, string] {
	return conditional.Rules[string, int, int, string, string]{
		Key:   func(context.Context, string) (string, error) { return "double", nil },
		Input: func(_ context.Context, in string) (int, error) { return strconv.Atoi(in) },
		Output: func(_ context.Context, out int, key string) (string, error) {
			return key + " " + strconv.Itoa(out), nil
		},
	}
}

func double() conditional.Cases[string, int, int] {
	return conditional.Of(conditional.On("double", weir.Func("x2", func(_ context.Context, n int) (int, error) { return 2 * n, nil })))
}

func TestB102_MappersStandRoundTheBranch(t *testing.T) {
	t.Parallel()
	r, err := steptest.Execute(t, conditional.New("calc", rules(), double()), "21")
	if err != nil || r.Output != "double 42" {
		t.Errorf("got %q, %v; want double 42", r.Output, err)
	}
}

func TestB102_AMapperThatFailsIsTheStepsFailure(t *testing.T) {
	t.Parallel()
	_, err := steptest.Execute(t, conditional.New("calc", rules(), double()), "many")
	steptest.Failed(t, err, plan.CodeFailed, "calc")
	if !errors.Is(err, strconv.ErrSyntax) {
		t.Errorf("%v; want the mapper's error", err)
	}
	bad := rules()
	bad.Output = func(context.Context, int, string) (string, error) { return "half", errBoom }
	r, err := steptest.Execute(t, conditional.New("calc", bad, double()), "1")
	steptest.Failed(t, err, plan.CodeFailed, "calc")
	if !errors.Is(err, errBoom) || r.Output != "" {
		t.Errorf("output %q, %v; want none and boom", r.Output, err)
	}
}

func TestOutputMapsTheDefaultToo(t *testing.T) {
	t.Parallel()
	c := conditional.Of(conditional.On("triple", double().Of[0].Step)).Else(double().Of[0].Step)
	r, err := steptest.Execute(t, conditional.New("calc", rules(), c), "4")
	if err != nil || r.Output != "double 8" {
		t.Errorf("got %q, %v; want double 8", r.Output, err)
	}
	chose(t, r, "calc", "double", "default")
}

func TestRulesWhoseTypesDoNotMeetDoNotCompile(t *testing.T) {
	t.Parallel()
	r := rules()
	r.Input, r.Output = nil, nil
	steptest.Refused(t, conditional.New("calc", r, double()), "Rules.Input")
	steptest.Refused(t, conditional.New("calc", r, double()), "Rules.Output")
	r.Key = nil
	steptest.Refused(t, conditional.New("calc", r, double()), "the condition is nil")
}
