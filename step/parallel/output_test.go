package parallel_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/parallel"
)

func TestB069_OutputInDeclaredOrder(t *testing.T) {
	t.Parallel()
	r, err := execute(t, parallel.All("par", reversed([]string{"x", "y", "z"}, func(context.Context, string) {})...), 1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, r.Output, "x", "y", "z")
	s := step(t, r)
	equal(t, s.Note("executed_branches"), "x", "y", "z")
	wants(t, s.Feedback(), "All 3 branches executed successfully")
	if s.Note("merge") != nil {
		t.Errorf("merge: %v, though nothing was written", s.Note("merge"))
	}
}

func TestB069_ABlueprintGetsAMapOfBranchToOutput(t *testing.T) {
	t.Parallel()
	r, err := execute(t, yaml(t, parallel.Spec{}, good("y"), good("x")), any(1))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]any{"x": "x", "y": "y"}; !reflect.DeepEqual(r.Output, want) {
		t.Errorf("output %v, want %v", r.Output, want)
	}
	equal(t, step(t, r).Note("executed_branches"), "y", "x")
}

func TestB070_WithoutBranchesTheStepFailsWithAnEmptyOutput(t *testing.T) {
	t.Parallel()
	r, err := execute(t, yaml(t, parallel.Spec{}), any(1))
	if plan.CodeOf(err) != plan.CodeEmpty {
		t.Errorf("error %v of code %q", err, plan.CodeOf(err))
	}
	wants(t, err.Error(), "has no branches")
	if out, ok := r.Output.(map[string]any); !ok || len(out) != 0 || out == nil {
		t.Errorf("output %#v, want an empty map", r.Output)
	}
	typed, err := execute(t, parallel.All[int, string]("par"), 1)
	if plan.CodeOf(err) != plan.CodeEmpty || typed.Output == nil || len(typed.Output) != 0 {
		t.Errorf("output %#v, error %v", typed.Output, err)
	}
}

func TestB071_AFailedBranchFailsTheStepAfterItsSiblingsCompleted(t *testing.T) {
	t.Parallel()
	failed := make(chan struct{})
	b := branch("b", func(context.Context) error { close(failed); return errBoom })
	r, err := execute(t, yaml(t, parallel.Spec{}, after("a", failed, nil), b, good("c")), any(1))
	if !errors.Is(err, errBoom) {
		t.Fatal(err)
	}
	at, _ := errors.AsType[*weir.StepError](err)
	if at == nil || at.Path != "par/b" || at.Kind != "func" {
		t.Errorf("the error stands at %+v", at)
	}
	out, _ := r.Output.(map[string]any)
	if out["a"] != "a" || out["c"] != "c" {
		t.Errorf("output %v", out)
	}
	if b, _ := out["b"].(map[string]any); b["success"] != false || b["error"] != "boom" || b["path"] != "par/b" {
		t.Errorf("the failed branch shows as %v", out["b"])
	}
	if s := step(t, r); s.Success() || !strings.Contains(s.Feedback(), "par/b") {
		t.Errorf("success %v, feedback %q", s.Success(), s.Feedback())
	}
	if a, _ := r.Step("par/a"); !a.Success() {
		t.Error("branch a did not complete")
	}
}

func TestSeveralFailuresAreListedAndAllCanBeFound(t *testing.T) {
	t.Parallel()
	errBang := errors.New("bang")
	c := branch("c", func(context.Context) error { return plan.Errorf(plan.CodeTimeout, "slow: %w", errBang) })
	r, err := execute(t, parallel.All("par", good("a"), bad("b"), c), 1)
	if !errors.Is(err, errBoom) || !errors.Is(err, errBang) {
		t.Fatal(err)
	}
	wants(t, err.Error(), "par (parallel)", "2 of 3 branches failed", "par/b", "boom", "par/c", "bang")
	if code := plan.CodeOf(err); code != plan.CodeFailed {
		t.Errorf("code %q, want that of the first declared", code)
	}
	equal(t, r.Output, "a", "", "")
}

func TestAPanicInABranchIsItsFailure(t *testing.T) {
	t.Parallel()
	b := branch("b", func(context.Context) error { panic("kaput") })
	r, err := execute(t, parallel.All("par", good("a"), b), 1)
	if p, ok := errors.AsType[*weir.PanicError](err); !ok || p.Value != "kaput" || len(p.Stack) == 0 {
		t.Errorf("error %v", err)
	}
	equal(t, r.Output, "a", "")
}

func TestB072_IgnoreSucceedsAsLongAsOneBranchDid(t *testing.T) {
	t.Parallel()
	r, err := execute(t, yaml(t, parallel.Spec{OnFailure: "ignore"}, good("a"), bad("b"), good("c")), any(1))
	if err != nil {
		t.Fatal(err)
	}
	s := step(t, r)
	wants(t, s.Feedback(), "1 branch failures (ignored)", "b")
	if out := r.Output.(map[string]any); !s.Success() || out["b"].(map[string]any)["success"] != false || len(out) != 3 {
		t.Errorf("success %v, output %v", s.Success(), out)
	}
	equal(t, s.Note("executed_branches"), "a", "b", "c")

	r, err = execute(t, yaml(t, parallel.Spec{OnFailure: "ignore"}, bad("a"), bad("b")), any(1))
	if !errors.Is(err, errBoom) || step(t, r).Success() {
		t.Errorf("all failed and were ignored: %v", err)
	}
}

func TestNamedTellsHowEachBranchEnded(t *testing.T) {
	t.Parallel()
	opts := []parallel.Option{parallel.OnFailure(parallel.Ignore), nil}
	r, err := execute(t, parallel.Named("par", opts, good("a"), bad("b")), 1)
	if err != nil || len(r.Output) != 2 {
		t.Fatalf("%v, %v", r.Output, err)
	}
	if a := r.Output[0]; a != (parallel.Branch[string]{Name: "a", Out: "a"}) {
		t.Errorf("a: %+v", a)
	}
	b := r.Output[1]
	if at, _ := errors.AsType[*weir.StepError](b.Err); b.Name != "b" || b.Out != "" || at == nil || at.Path != "par/b" {
		t.Errorf("b: %+v", b)
	}
	r, err = execute(t, parallel.Named("par", nil, good("a"), bad("b")), 1)
	if !errors.Is(err, errBoom) || len(r.Output) != 2 || r.Output[1].Err == nil {
		t.Errorf("%v, %v", r.Output, err)
	}
}

func TestNilOutputsAreKept(t *testing.T) {
	t.Parallel()
	none := weir.Func("none", func(context.Context, int) (any, error) { return nil, nil })
	one := weir.Func("one", func(context.Context, int) (any, error) { return 1, nil })
	r, err := execute(t, parallel.All("par", none, one), 1)
	if err != nil || len(r.Output) != 2 || r.Output[0] != nil || r.Output[1] != 1 {
		t.Errorf("%v, %v", r.Output, err)
	}
}

func TestUnnamedBranchesAreNumbered(t *testing.T) {
	t.Parallel()
	inc := func(_ context.Context, n int) (int, error) { return n + 1, nil }
	pair := weir.Then(weir.Func("a", inc), weir.Func("b", inc))
	r, err := execute(t, parallel.All("par", pair, weir.Func("x", inc), pair), 1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, r.Output, 3, 2, 3)
	equal(t, step(t, r).Note("executed_branches"), "0", "x", "2")
	if _, ok := r.Step("par/2/b"); !ok {
		t.Error("there is no step par/2/b")
	}
}

func TestJoinsGetTheOutputsInOrder(t *testing.T) {
	t.Parallel()
	text := func(v string) weir.Step[int, string] {
		return weir.Func("t"+v, func(context.Context, int) (string, error) { return v, nil })
	}
	number := weir.Func("n", func(_ context.Context, n int) (int, error) { return n, nil })
	flag := weir.Func("f", func(context.Context, int) (bool, error) { return true, nil })
	none := weir.Func("none", func(context.Context, int) (error, error) { return nil, nil })
	all := map[string]weir.Step[int, string]{
		"a7": parallel.Join2("par", text("a"), number, func(_ context.Context, s string, n int) (string, error) {
			return s + string(rune('0'+n)), nil
		}),
		"a7 true": parallel.Join3("par", text("a"), number, flag, func(_ context.Context, s string, n int, b bool) (string, error) {
			return s + string(rune('0'+n)) + " " + map[bool]string{true: "true"}[b], nil
		}),
		"7ab": parallel.Join4("par", number, text("a"), none, text("b"), func(_ context.Context, n int, a string, e error, b string) (string, error) {
			return string(rune('0'+n)) + a + b, e
		}),
	}
	for _, want := range []string{"a7", "a7 true", "7ab"} {
		if out, err := weir.Do(t.Context(), all[want], 7); out != want || err != nil {
			t.Errorf("%q, %v; want %q", out, err, want)
		}
	}
}

func TestAJoinIsNotCalledWhenABranchFailed(t *testing.T) {
	t.Parallel()
	called := false
	join := func(context.Context, string, string) (string, error) { called = true; return "joined", nil }
	r, err := execute(t, parallel.Join2("par", good("a"), bad("b"), join), 1)
	if !errors.Is(err, errBoom) || called || r.Output != "" {
		t.Errorf("called %v, output %q, error %v", called, r.Output, err)
	}
}

func TestB089_TheErrorOfAJoinIsTheSteps(t *testing.T) {
	t.Parallel()
	join := func(context.Context, string, string) (string, error) { return "", errBoom }
	_, err := execute(t, parallel.Join2("par", good("a"), good("b"), join), 1)
	if at, _ := errors.AsType[*weir.StepError](err); !errors.Is(err, errBoom) || at.Path != "par" || at.Kind != "parallel" {
		t.Errorf("error %v", err)
	}
	panics := func(context.Context, string, string) (string, error) { panic("kaput") }
	_, err = execute(t, parallel.Join2("par", good("a"), good("b"), panics), 1)
	if plan.CodeOf(err) != plan.CodePanic {
		t.Errorf("error %v", err)
	}
}

func TestABranchOfAnotherTypeThanItSaysIsAFailure(t *testing.T) {
	t.Parallel()
	liar := weir.Of[int, string](weir.Func("liar", func(context.Context, int) (int, error) { return 1, nil }).Written())
	_, err := execute(t, parallel.All("par", good("a"), liar), 1)
	if plan.CodeOf(err) != plan.CodeType {
		t.Errorf("error %v", err)
	}
	_, err = execute(t, parallel.Named("par", nil, liar), 1)
	if plan.CodeOf(err) != plan.CodeType {
		t.Errorf("error %v", err)
	}
	_, err = execute(t, parallel.Join2("par", good("a"), liar, func(context.Context, string, string) (int, error) { return 0, nil }), 1)
	if plan.CodeOf(err) != plan.CodeType {
		t.Errorf("error %v", err)
	}
}

func TestTheKindMakesASpecThatCompiles(t *testing.T) {
	t.Parallel()
	k := parallel.Kind()
	s, ok := k.New().(*parallel.Spec)
	if !ok || k.Name != "parallel" || k.Under != "" || s.OnFailure != "propagate" || s.Merge != "context_update" {
		t.Fatalf("%+v, %+v", k, s)
	}
	r, err := execute(t, yaml(t, *s, good("a")), any(1))
	if err != nil || !maps.Equal(r.Output.(map[string]any), map[string]any{"a": "a"}) {
		t.Errorf("%v, %v", r.Output, err)
	}
}
