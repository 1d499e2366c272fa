package conditional_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/steptest"
	"github.com/weirflow/weir/usage"
)

var errBoom = errors.New("boom")

// chose checks which key was given and which branch ran.
func chose[O any](t *testing.T, r *weir.Result[O], path string, executed, resolved any) {
	t.Helper()
	s, ok := r.Step(path)
	if !ok || s.Note("executed_branch_key") != executed || s.Note("resolved_branch_key") != resolved {
		t.Errorf("%s: executed_branch_key %v, resolved_branch_key %v; want %v, %v",
			path, s.Note("executed_branch_key"), s.Note("resolved_branch_key"), executed, resolved)
	}
}

// says is a step that gives its name.
func says(name string) weir.Step[string, string] {
	return weir.Func(name, func(context.Context, string) (string, error) { return name, nil })
}

// self is the condition whose key is the input.
func self[T any](_ context.Context, in T) (T, error) { return in, nil }

func ab() conditional.Cases[string, string, string] {
	return conditional.Of(conditional.On("a", says("stepA")), conditional.On("b", says("stepB")))
}

func TestB096_OnlyTheBranchOfTheKeyRuns(t *testing.T) {
	t.Parallel()
	asked := 0
	key := func(_ context.Context, in string) (string, error) { asked++; return in, nil }
	r, err := steptest.Execute(t, conditional.Switch("pick", key, ab()), "b")
	if err != nil || r.Output != "stepB" || asked != 1 {
		t.Fatalf("got %q, asked %d times, %v; want stepB, once", r.Output, asked, err)
	}
	chose(t, r, "pick", "b", "b")
	if _, ran := r.Step("pick/a/stepA"); ran {
		t.Error("the other branch ran")
	}
	if _, ran := r.Step("pick/b/stepB"); !ran {
		t.Error("the branch is not at pick/b/stepB")
	}
}

func TestB097_AKeyWithoutBranch(t *testing.T) {
	t.Parallel()
	r, err := steptest.Execute(t, conditional.Switch("pick", self[string], ab()), "z")
	steptest.Failed(t, err, plan.CodeNoBranch, "pick")
	if !strings.Contains(err.Error(), `no branch for key "z"`) || !strings.Contains(err.Error(), "a, b") {
		t.Errorf("%v does not tell the key and the branches", err)
	}
	chose(t, r, "pick", "z", nil)
	r, err = steptest.Execute(t, conditional.Switch("pick", self[string], ab().Else(says("other"))), "z")
	if err != nil || r.Output != "other" {
		t.Fatalf("got %q, %v; want other", r.Output, err)
	}
	chose(t, r, "pick", "z", "default")
}

func TestAHugeKeyIsNotToldWhole(t *testing.T) {
	t.Parallel()
	_, err := steptest.Execute(t, conditional.Switch("pick", self[string], ab()), strings.Repeat("z", 1<<20))
	steptest.Failed(t, err, plan.CodeNoBranch, "pick")
	if n := len(err.Error()); n > 1000 {
		t.Errorf("the error is %d bytes long", n)
	}
}

func TestB098_ABoolFindsItsBranch(t *testing.T) {
	t.Parallel()
	odd := func(_ context.Context, n int) (bool, error) { return n%2 == 1, nil }
	yes := weir.Func("yes", func(context.Context, int) (string, error) { return "odd", nil })
	no := weir.Func("no", func(context.Context, int) (string, error) { return "even", nil })
	for in, want := range map[int]struct {
		out, label string
		key        bool
	}{1: {"odd", "true", true}, 2: {"even", "false", false}} {
		r, err := steptest.Execute(t, conditional.If("parity", odd, yes, no), in)
		if err != nil || r.Output != want.out {
			t.Errorf("%d: got %q, %v; want %q", in, r.Output, err, want.out)
		}
		chose(t, r, "parity", want.key, want.label)
	}
	either := func(_ context.Context, n int) (any, error) { return n%2 == 1, nil }
	r, err := steptest.Execute(t, conditional.Switch("parity", either, conditional.Of(conditional.On[any]("true", yes), conditional.On[any]("false", no))), 1)
	if err != nil || r.Output != "odd" {
		t.Errorf("got %q, %v; want odd", r.Output, err)
	}
	chose(t, r, "parity", true, "true")
}

func TestB099_AnErrorInTheConditionIsTheStepsFailure(t *testing.T) {
	t.Parallel()
	fails := func(context.Context, string) (string, error) { return "a", errBoom }
	r, err := steptest.Execute(t, conditional.Switch("pick", fails, ab()), "a")
	steptest.Failed(t, err, plan.CodeFailed, "pick")
	if s, _ := r.Step("pick"); !errors.Is(err, errBoom) || len(s.Steps()) != 0 {
		t.Errorf("%v, and %d branches ran; want boom and none", err, len(s.Steps()))
	}
	pauses := func(context.Context, string) (string, error) { return "", weir.ErrPaused }
	if r, err = steptest.Execute(t, conditional.Switch("pick", pauses, ab()), "a"); !errors.Is(err, weir.ErrPaused) || r.Status != weir.Paused {
		t.Errorf("status %v, %v; want paused", r.Status, err)
	}
	panics := func(context.Context, string) (string, error) { panic("bug") }
	_, err = steptest.Execute(t, conditional.Switch("pick", panics, ab()), "a")
	steptest.Failed(t, err, plan.CodePanic, "pick")
}

var mark = state.NewKey[int]("mark")

func TestB100_AFailingBranchLeavesNothing(t *testing.T) {
	t.Parallel()
	writes := weir.Func("writes", func(ctx context.Context, s string) (string, error) { mark.Set(ctx, 1); return s, nil })
	breaks := says("breaks").With(validate.With("never", func(string) error { return errBoom })) // gives an output beside its error
	r, err := steptest.Execute(t, conditional.Switch("pick", self[string], conditional.Of(conditional.On("b", weir.Then(writes, breaks)))), "b")
	steptest.Failed(t, err, plan.CodeValidation, "pick/b/breaks")
	s, _ := r.Step("pick")
	if _, set := mark.From(r.State); set || s.Output() != nil || r.Output != "" {
		t.Errorf("state set %v, output %v; want neither", set, s.Output())
	}
	chose(t, r, "pick", "b", "b")
}

func TestB101_ABranchOfTwoStepsThreads(t *testing.T) {
	t.Parallel()
	step := func(name string, f func(int) (int, error)) weir.Step[int, int] {
		return weir.Func(name, func(ctx context.Context, n int) (int, error) {
			if err := usage.Report(ctx, usage.Usage{InputTokens: 5}); err != nil {
				return 0, err
			}
			return f(n)
		})
	}
	inc := step("inc", func(n int) (int, error) { return n + 1, nil })
	double := step("double", func(n int) (int, error) { return 2 * n, nil })
	bad := step("bad", func(int) (int, error) { return 0, errBoom })
	always := func(context.Context, int) (bool, error) { return true, nil }
	r, err := steptest.Execute(t, conditional.If("calc", always, weir.Then(inc, double), weir.Step[int, int]{}), 3)
	if s, _ := r.Step("calc"); err != nil || r.Output != 8 || s.Usage().InputTokens != 10 {
		t.Errorf("got %d for %d tokens, %v; want 8 for 10", r.Output, s.Usage().InputTokens, err)
	}
	r, err = steptest.Execute(t, conditional.If("calc", always, weir.Then(bad, double), weir.Step[int, int]{}), 3)
	if _, ran := r.Step("calc/true/double"); !errors.Is(err, errBoom) || ran {
		t.Errorf("%v; the second step ran: %v", err, ran)
	}
}

func TestB103_ABranchWithoutStepsReturnsItsInput(t *testing.T) {
	t.Parallel()
	r, err := steptest.Execute(t, conditional.Switch("pick", self[string], conditional.Of(conditional.On("a", weir.Chain[string]("nothing")))), "a")
	if err != nil || r.Output != "a" {
		t.Errorf("got %q, %v; want the input", r.Output, err)
	}
}

func TestIfWithoutOtherwise(t *testing.T) {
	t.Parallel()
	never := func(context.Context, string) (bool, error) { return false, nil }
	r, err := steptest.Execute(t, conditional.If("maybe", never, says("yes"), weir.Step[string, string]{}), "in")
	if err != nil || r.Output != "in" {
		t.Errorf("got %q, %v; want the input", r.Output, err)
	}
	chose(t, r, "maybe", false, nil)
	length := weir.Func("len", func(_ context.Context, s string) (int, error) { return len(s), nil })
	_, err = steptest.Execute(t, conditional.If("maybe", never, length, weir.Step[string, int]{}), "in")
	steptest.Failed(t, err, plan.CodeNoBranch, "maybe")
}

func TestMistakesInAConditionalAreReportedAtCompile(t *testing.T) {
	t.Parallel()
	steptest.Refused(t, conditional.Switch("pick", nil, ab()), "pick: the condition is nil")
	steptest.Refused(t, conditional.If("pick", nil, says("a"), says("b")), "the condition is nil")
	steptest.Refused(t, conditional.Switch("pick", self[string], conditional.Cases[string, string, string]{}), "no branch")
	steptest.Refused(t, conditional.Switch("pick", self[string], conditional.Of(conditional.On("a", says("x")), conditional.On("a", says("y")))), `two cases have the key "a"`)
	steptest.Refused(t, conditional.Switch("pick", self[string], conditional.Of(conditional.On("a/b", says("x")))), "may not hold")
	steptest.Refused(t, conditional.Switch("pick", self[string], conditional.Of(conditional.On("a", weir.Step[string, string]{}))), "the step is empty")
	key := func(context.Context, string) (any, error) { return "", nil }
	steptest.Refused(t, conditional.Switch("pick", key, conditional.Of(conditional.On[any]([]int{1}, says("x")))), "cannot be a key")
}

func TestAKeyThatCannotBeComparedIsAFailure(t *testing.T) {
	t.Parallel()
	key := func(context.Context, string) (any, error) { return []int{1}, nil }
	_, err := steptest.Execute(t, conditional.Switch("pick", key, conditional.Of(conditional.On[any]("a", says("x")))), "a")
	steptest.Failed(t, err, plan.CodePanic, "pick")
}

func TestAChoiceAllocatesNothing(t *testing.T) {
	t.Setenv(weir.WithoutEnv, "") // the plain twins cost more
	same := func(name string) weir.Step[int, int] { return weir.Func(name, self[int]) }
	s := weir.Then(
		conditional.If("if", func(_ context.Context, n int) (bool, error) { return n > 0, nil }, same("x"), same("y")),
		conditional.Switch("switch", func(context.Context, int) (string, error) { return "long key", nil }, conditional.Of(conditional.On("long key", same("x")))),
	)
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if n := testing.AllocsPerRun(100, func() { _, _ = p.Run(ctx, 1) }); n > 1 {
		t.Errorf("two choices allocate %v times; want the one of the run", n)
	}
}
