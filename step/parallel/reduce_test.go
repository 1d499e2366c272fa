package parallel_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/parallel"
)

// gives is a branch with this output.
func gives[O any](name string, out O) weir.Step[int, O] {
	return weir.Func(name, func(context.Context, int) (O, error) { return out, nil })
}

func breaks[O any](name string) weir.Step[int, O] {
	return weir.Func(name, func(context.Context, int) (O, error) { return *new(O), errBoom })
}

func ignoring() []parallel.Option { return []parallel.Option{parallel.OnFailure(parallel.Ignore)} }

// from checks what the step par noted about its reducer.
func from[O any](t *testing.T, r *weir.Result[O], strategy, branch string) {
	t.Helper()
	want := parallel.ReducedFrom{Strategy: strategy, Selected: branch}
	if got := step(t, r).Note("reduced_from"); got != want {
		t.Errorf("reduced_from %+v, want %+v", got, want)
	}
}

func TestB089_AReducersValueIsTheOutputInDeclaredOrder(t *testing.T) {
	t.Parallel()
	reduce := func(ctx context.Context, all []parallel.Branch[string]) (string, error) {
		var text strings.Builder
		text.WriteString(word.Get(ctx) + ":")
		for _, b := range all {
			text.WriteString(fmt.Sprintf(" %s=%s,%v", b.Name, b.Out, errors.Is(b.Err, errBoom)))
		}
		return text.String(), nil
	}
	next := make(chan struct{})
	last := branch("b", func(ctx context.Context) error { word.Set(ctx, "merged"); close(next); return nil })
	s := parallel.Reduce("par", reduce, ignoring(), after("a", next, nil), last, bad("c"))
	r, err := execute(t, s, 1)
	if want := "merged: a=a,false b=b,false c=,true"; err != nil || r.Output != want {
		t.Errorf("%q, %v; want %q", r.Output, err, want)
	}
	from(t, r, "function", "")
}

func TestB089_AReducersErrorFailsTheStep(t *testing.T) {
	t.Parallel()
	called := 0
	reduce := func(ctx context.Context, _ []parallel.Branch[string]) (string, error) {
		called++
		word.Set(ctx, "lost")
		return "half", errBoom
	}
	r, err := execute(t, parallel.Reduce("par", reduce, nil, sets("a", "x"), good("b")), 1)
	if at, _ := errors.AsType[*weir.StepError](err); !errors.Is(err, errBoom) || at.Path != "par" || r.Output != "" || called != 1 {
		t.Errorf("%q, %v, called %d times", r.Output, err, called)
	}
	holds(t, r, word, "")
	if _, err = execute(t, parallel.Reduce("par", reduce, nil, good("a"), bad("b")), 1); !errors.Is(err, errBoom) || called != 1 {
		t.Errorf("%v; the reducer of a step that failed was called", err)
	}
	panics := func(context.Context, []parallel.Branch[string]) (int, error) { panic("kaput") }
	if _, err = execute(t, parallel.Reduce("par", panics, nil, good("a")), 1); plan.CodeOf(err) != plan.CodePanic {
		t.Errorf("error %v", err)
	}
}

func TestFirstAndLastTakeSuccessesOnly(t *testing.T) {
	t.Parallel()
	steps := []weir.Step[int, string]{bad("a"), good("b"), good("c"), bad("d")}
	r, err := execute(t, parallel.First("par", ignoring(), steps...), 1)
	if err != nil || r.Output != "b" {
		t.Errorf("first: %q, %v", r.Output, err)
	}
	from(t, r, "first", "b")
	r, err = execute(t, parallel.Last("par", ignoring(), steps...), 1)
	if err != nil || r.Output != "c" {
		t.Errorf("last: %q, %v", r.Output, err)
	}
	from(t, r, "last", "c")
}

func TestUnionAndConcatJoinInDeclaredOrder(t *testing.T) {
	t.Parallel()
	type m = map[string]int
	u, err := execute(t, parallel.Union("par", ignoring(), gives("a", m{"x": 1, "y": 1}), breaks[m]("b"), gives("c", m{"y": 2})), 1)
	if err != nil || !maps.Equal(u.Output, m{"x": 1, "y": 2}) {
		t.Errorf("union: %v, %v", u.Output, err)
	}
	from(t, u, "union", "")
	c, err := execute(t, parallel.Concat("par", ignoring(), gives("a", []int{3, 1}), breaks[[]int]("b"), gives[[]int]("c", nil), gives("d", []int{2})), 1)
	if err != nil || !slices.Equal(c.Output, []int{3, 1, 2}) {
		t.Errorf("concat: %v, %v", c.Output, err)
	}
	from(t, c, "concat", "")
}

func TestB090_TheMajorityWins(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		steps        []weir.Step[int, string]
		out, from    string
		votes, total int
	}{
		"most votes":                 {[]weir.Step[int, string]{gives("a", "x"), gives("b", "y"), gives("c", "x")}, "x", "a", 2, 3},
		"later ones, if more":        {[]weir.Step[int, string]{gives("a", "y"), gives("b", "x"), gives("c", "x")}, "x", "b", 2, 3},
		"of a tie the first":         {[]weir.Step[int, string]{gives("a", "x"), gives("b", "y"), gives("c", "y"), gives("d", "x")}, "x", "a", 2, 4},
		"a failed one does not vote": {[]weir.Step[int, string]{breaks[string]("a"), gives("b", "y"), gives("c", "")}, "y", "b", 1, 2},
		"a single one":               {[]weir.Step[int, string]{gives("a", "x")}, "x", "a", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := execute(t, parallel.Majority("par", ignoring(), c.steps...), 1)
			if err != nil || r.Output != c.out {
				t.Fatalf("%q, %v; want %q", r.Output, err, c.out)
			}
			from(t, r, "majority_vote", c.from)
			want := parallel.Consensus{Strategy: "majority_vote", Votes: c.votes, Total: c.total}
			if got := step(t, r).Note("consensus"); got != want {
				t.Errorf("consensus %+v, want %+v", got, want)
			}
		})
	}
}

func TestB090_VotesAreComparedByWhatTheyHold(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	r, err := execute(t, parallel.Majority("par", nil, gives("a", m{"n": []any{1}}), gives("b", m{"n": []any{2}}), gives("c", m{"n": []any{2}})), 1)
	if err != nil || !reflect.DeepEqual(r.Output, m{"n": []any{2}}) {
		t.Errorf("%v, %v", r.Output, err)
	}
}

func TestB090_WithoutVotesThereIsNoConsensus(t *testing.T) {
	t.Parallel()
	r, err := execute(t, parallel.Majority("par", nil, gives[any]("a", nil), gives[any]("b", nil)), 1)
	if plan.CodeOf(err) != plan.CodeEmpty || r.Output != nil {
		t.Fatalf("%v, %v", r.Output, err)
	}
	s := step(t, r)
	wants(t, s.Feedback(), "consensus_empty")
	if s.Note("consensus") != nil || s.Note("reduced_from") != nil {
		t.Errorf("noted %v", s.Metadata())
	}
	_, err = execute(t, parallel.Majority("par", ignoring(), breaks[string]("a"), breaks[string]("b")), 1)
	if !errors.Is(err, errBoom) {
		t.Errorf("all failed: %v", err)
	}
}

func TestB090_CodeIsComparedWithoutWhatStandsRoundIt(t *testing.T) {
	t.Parallel()
	const code = "def f():\n    return 1"
	fenced := "Here it is:\n```python\n" + code + "  \n\n```\nDone."
	r, err := execute(t, parallel.SameCode("par", nil, gives("a", "return 2"), gives("b", fenced), gives("c", "\n"+code+"\n")), 1)
	if err != nil || r.Output != fenced {
		t.Errorf("%q, %v", r.Output, err)
	}
	from(t, r, "code_consensus", "b")
	if got, want := step(t, r).Note("consensus"), (parallel.Consensus{Strategy: "code_consensus", Votes: 2, Total: 3}); got != want {
		t.Errorf("consensus %+v", got)
	}
	// What is no text is compared as it is.
	s := parallel.Spec{Reduce: parallel.Reducing{Mode: "code_consensus"}}
	for name, out := range map[string]any{"a": 1} {
		s.Branches = append(s.Branches, spec.Branch{Name: name, Step: spec.Step{Step: gives(name, out).Written()}})
	}
	d, err := execute(t, yaml(t, s, good("b"), good("c")), any(1))
	if err != nil || d.Output != 1 {
		t.Errorf("%v, %v", d.Output, err)
	}
	if got, want := step(t, d).Note("consensus"), (parallel.Consensus{Strategy: "majority_vote", Votes: 1, Total: 3}); got != want {
		t.Errorf("consensus %+v", got)
	}
}

type asked = parallel.Candidates[int, string]

func judge(f func(asked) (string, error)) weir.Step[asked, string] {
	return weir.Func("judge", func(_ context.Context, in asked) (string, error) { return f(in) })
}

func TestAJudgePicksABranch(t *testing.T) {
	t.Parallel()
	var got asked
	pick := judge(func(in asked) (string, error) { got = in; return " `c`.\n", nil })
	r, err := execute(t, parallel.Select("par", pick, ignoring(), good("a"), bad("b"), good("c")), 7)
	if err != nil || r.Output != "c" {
		t.Fatalf("%q, %v", r.Output, err)
	}
	want := asked{Input: 7, Candidates: []parallel.Candidate[string]{{Branch: "a", Output: "a"}, {Branch: "c", Output: "c"}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the judge was asked %+v", got)
	}
	from(t, r, "judge_selection", "c")
	equal(t, step(t, r).Note("executed_branches"), "a", "b", "c")
	if s, ok := r.Step("par/evaluator/judge"); !ok || !s.Success() {
		t.Error("the judge is not at par/evaluator/judge")
	}
}

func TestAJudgeThatFailsOrNamesNobodyFailsTheStep(t *testing.T) {
	t.Parallel()
	_, err := execute(t, parallel.Select("par", judge(func(asked) (string, error) { return "", errBoom }), nil, good("a")), 1)
	if at, _ := errors.AsType[*weir.StepError](err); !errors.Is(err, errBoom) || at.Path != "par/evaluator/judge" {
		t.Errorf("error %v", err)
	}
	_, err = execute(t, parallel.Select("par", judge(func(asked) (string, error) { return "b", nil }), ignoring(), good("a"), bad("b")), 1)
	if plan.CodeOf(err) != plan.CodeNoBranch {
		t.Errorf("error %v", err)
	}
	wants(t, err.Error(), "par (parallel)", `"b"`, "(a)")
	called := false
	never := judge(func(asked) (string, error) { called = true; return "a", nil })
	if _, err = execute(t, parallel.Select("par", never, nil, good("a"), bad("b")), 1); !errors.Is(err, errBoom) || called {
		t.Errorf("%v; the judge was asked: %v", err, called)
	}
}

func TestDeclarativeReducersOfABlueprint(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	for mode, want := range map[string]any{
		"keys": []any{"a", "c"}, "values": []any{m{"a": 1, "x": 1}, map[string]int{"c": 2, "x": 2}},
		"first": m{"a": 1, "x": 1}, "last": map[string]int{"c": 2, "x": 2}, "union": m{"a": 1, "c": 2, "x": 2},
		"majority_vote": m{"a": 1, "x": 1},
	} {
		s := parallel.Spec{Reduce: parallel.Reducing{Mode: mode}, OnFailure: "ignore"}
		for _, b := range []*plan.Step{gives("a", m{"a": 1, "x": 1}).Written(), breaks[m]("b").Written(), gives("c", map[string]int{"c": 2, "x": 2}).Written()} {
			s.Branches = append(s.Branches, spec.Branch{Name: b.Name, Step: spec.Step{Step: b}})
		}
		r, err := execute(t, yaml(t, s), any(1))
		if err != nil || !reflect.DeepEqual(r.Output, want) {
			t.Errorf("%s: %#v, %v; want %#v", mode, r.Output, err, want)
		}
	}
}

func TestConcatOfABlueprintJoinsListsOfAnyTypeAndRefusesOthers(t *testing.T) {
	t.Parallel()
	lists := func(mode string, outs ...any) (*weir.Result[any], error) {
		s := parallel.Spec{Reduce: parallel.Reducing{Mode: mode}}
		for i, out := range outs {
			name := fmt.Sprint("b", i)
			s.Branches = append(s.Branches, spec.Branch{Name: name, Step: spec.Step{Step: gives(name, out).Written()}})
		}
		return execute(t, yaml(t, s), any(1))
	}
	r, err := lists("concat", []any{1, "x"}, nil, []string{"y"}, [1]int{2})
	if err != nil || !reflect.DeepEqual(r.Output, []any{1, "x", "y", 2}) {
		t.Errorf("%v, %v", r.Output, err)
	}
	for mode, out := range map[string]any{"concat": "text", "union": []any{1}} {
		_, err = lists(mode, nil, out)
		if plan.CodeOf(err) != plan.CodeType {
			t.Errorf("%s: %v", mode, err)
		}
		wants(t, err.Error(), mode, `"b1"`, fmt.Sprintf("%T", out))
	}
}

func TestWrongReducersAreMistakes(t *testing.T) {
	t.Parallel()
	call := spec.Func{Name: "f", Call: func(context.Context, plan.Frame, any) (any, error) { return nil, nil }}
	one := spec.Step{Step: good("judge").Written()}
	for want, r := range map[string]parallel.Reducing{
		`"most"`:                        {Mode: "most"},
		"judge_selection needs":         {Mode: "judge_selection"},
		"evaluator is for":              {Mode: "first", Evaluator: one},
		"function decides by itself":    {Mode: "first", Func: call},
		"function decides by itself; d": {Func: call, Evaluator: one},
	} {
		_, err := (&parallel.Spec{Reduce: r}).Node()
		if plan.CodeOf(err) != plan.CodeConfig {
			t.Errorf("%+v: %v", r, err)
			continue
		}
		wants(t, err.Error(), want)
	}
	wants(t, mistaken(t, parallel.Reduce[int, string, string]("par", nil, nil, good("a"))), "nil")
	wants(t, mistaken(t, parallel.Select[int, string]("par", weir.Step[asked, string]{}, nil, good("a"))), "judge_selection needs")
}
