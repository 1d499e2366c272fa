package weir_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

func inc(_ context.Context, n int) (int, error)       { return n + 1, nil }
func double(_ context.Context, n int) (int, error)    { return 2 * n, nil }
func length(_ context.Context, s string) (int, error) { return len(s), nil }

// wants fails unless err's text holds every part.
func wants(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the error lacks %q:\n%v", p, err)
		}
	}
}

func TestCompileReportsEveryMistakeAtOnceWithItsPath(t *testing.T) {
	t.Parallel()
	var none weir.Step[int, int]
	_, err := weir.Compile(weir.Chain("main",
		weir.Func("a", inc),
		weir.Func("a", inc),
		none,
		weir.Func("b/c", inc),
	), nil)
	wants(t, err, `main/a: two steps in one scope have the name "a"`, "main: the step is empty", "main/b/c: a name may not hold")

	_, err = weir.Compile(weir.Then(weir.Func[int, int]("one", nil), weir.Func[int, int]("two", nil)), nil)
	wants(t, err, `one: the function of step "one" is nil`, `two: the function of step "two" is nil`)
}

func TestCompileRefusesTheZeroStep(t *testing.T) {
	t.Parallel()
	_, err := weir.Compile(weir.Step[int, int]{}, nil)
	wants(t, err, "the step is empty")
}

func TestCompileRefusesLayersRoundASequenceWithoutAName(t *testing.T) {
	t.Parallel()
	s := weir.Then(weir.Func("a", inc), weir.Func("b", inc)).With(pass{})
	_, err := weir.Compile(s, nil)
	wants(t, err, "a sequence with layers needs a name")
	if _, err = weir.Compile(s.Named("both"), nil); err != nil {
		t.Fatal(err)
	}
}

// pass is a layer that does nothing.
type pass struct{}

func (pass) Name() string                               { return "pass" }
func (pass) Wrap(_ *plan.Builder, next plan.Op) plan.Op { return next }

func TestB010_StepsWhoseTypesDoNotMeetAreNamed(t *testing.T) {
	t.Parallel()
	a, b := weir.Func("count", length), weir.Func("measure", length)
	mixed := weir.Dynamic(&plan.Step{Node: &plan.Sequence{Steps: []*plan.Step{a.Written(), b.Written()}}})
	_, err := weir.Compile(mixed, nil)
	wants(t, err, `step "count" gives int`, `step "measure" takes string`)
}

func TestAValueOfTheWrongTypeFailsTheStepThatGetsIt(t *testing.T) {
	t.Parallel()
	loose := weir.Func("loose", func(context.Context, string) (any, error) { return 4.5, nil })
	p := compile(t, weir.Dynamic(&plan.Step{Node: &plan.Sequence{Steps: []*plan.Step{loose.Written(), weir.Func("strict", inc).Written()}}}))
	_, err := p.Run(t.Context(), "x")
	wants(t, err, "weir: strict (func): the step takes int but got float64")
	if plan.CodeOf(err) != plan.CodeType {
		t.Errorf("code %q", plan.CodeOf(err))
	}
}

func compile[I, O any](t testing.TB, s weir.Step[I, O]) *weir.Plan[I, O] {
	t.Helper()
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWithoutRefusesAnUnknownOptimisation(t *testing.T) {
	t.Parallel()
	_, err := weir.Compile(weir.Func("a", inc), &weir.Config{Without: []string{"fastness"}})
	wants(t, err, `there is no optimisation "fastness"`, "flatten", "all")
}

func TestWithoutReadsTheEnvironment(t *testing.T) {
	t.Setenv(weir.WithoutEnv, "flatten, nonsense")
	_, err := weir.Compile(weir.Func("a", inc), nil)
	wants(t, err, `"nonsense"`)
}

func TestHashAndPathsDoNotChangeWhenAnOptimisationIsDropped(t *testing.T) {
	t.Setenv(weir.WithoutEnv, "")
	s := weir.Then(weir.Chain("one", weir.Func("a", inc), weir.Func("b", double)), weir.Then(weir.Func("c", inc), weir.Func("d", double)))
	p := compile(t, s)
	q, err := weir.Compile(s, &weir.Config{Without: []string{"all"}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Hash() != q.Hash() {
		t.Error("the hashes differ")
	}
	if n, m := len(p.Program().Main.Steps), len(q.Program().Main.Steps); n != 4 || m != 2 {
		t.Errorf("flattened to %d steps and left at %d; want 4 and 2", n, m)
	}
	for i, site := range p.Program().Sites {
		if q.Program().Sites[i].Path != site.Path {
			t.Errorf("paths differ: %s, %s", site.Path, q.Program().Sites[i].Path)
		}
	}
	other := compile(t, weir.Then(weir.Func("a", inc), weir.Func("b", double)))
	if other.Hash() == p.Hash() {
		t.Error("another pipeline has the same hash")
	}
}

func TestCompileRefusesNegativeLimits(t *testing.T) {
	t.Parallel()
	_, err := weir.Compile(weir.Func("a", inc), &weir.Config{Limits: usage.Limits{Cost: usage.AtMost(-1)}})
	wants(t, err, "limits")
}

func TestCompileRefusesStepsThatStandTooDeep(t *testing.T) {
	t.Parallel()
	s := weir.Func("leaf", inc)
	for range plan.MaxDepth + 5 {
		s = weir.Chain("c", s)
	}
	_, err := weir.Compile(s, nil)
	wants(t, err, "more than 100 deep")
}

func TestKindsAndLayersCanBeReplacedByName(t *testing.T) {
	t.Parallel()
	c := &weir.Config{
		Kinds: map[string]func(*plan.Builder, plan.Node) plan.Op{"func": func(*plan.Builder, plan.Node) plan.Op {
			return func(context.Context, plan.Frame, any) (any, error) { return 41, nil }
		}},
		Layers: map[string]func(*plan.Builder, plan.Layer, plan.Op) plan.Op{"pass": func(_ *plan.Builder, _ plan.Layer, next plan.Op) plan.Op {
			return func(ctx context.Context, f plan.Frame, in any) (any, error) {
				out, err := next(ctx, f, in)
				return out.(int) + 1, err
			}
		}},
	}
	p, err := weir.Compile(weir.Func("a", inc).With(pass{}), c)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Run(t.Context(), 1); got != 42 || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestErrorsCompareByCode(t *testing.T) {
	t.Parallel()
	err := error(&weir.StepError{Path: "a", Code: plan.CodeTimeout, Err: plan.Errorf(plan.CodeTimeout, "slow: %w", errors.New("cause"))})
	if !errors.Is(err, weir.ErrTimeout) || errors.Is(err, weir.ErrBudget) {
		t.Error("codes do not compare")
	}
}
