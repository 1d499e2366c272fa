package loop_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/steptest"
)

type numbers = loop.Rules[int, int, int, int]

func TestB107_AnErrorInStartEndsTheLoopBeforeItBegan(t *testing.T) {
	t.Parallel()
	calls := 0
	s := loop.New("grow", numbers{Max: 3, Start: func(context.Context, int) (int, error) { return 0, errBoom }}, count(&calls))
	r, err := steptest.Execute(t, s, 0)
	steptest.Failed(t, err, plan.CodeFailed, "grow")
	if !errors.Is(err, errBoom) || !strings.Contains(err.Error(), "initial") || calls != 0 {
		t.Errorf("%v after %d calls; want boom about the initial input after none", err, calls)
	}
	ended(t, r, "grow", loop.ExitStart, 0)
}

func TestB108_NextIsNotAskedAfterTheLastRound(t *testing.T) {
	t.Parallel()
	var seen []int
	calls := 0
	s := loop.New("grow", numbers{Max: 3, Next: func(_ context.Context, last, n int) (int, error) {
		seen = append(seen, n)
		return last * 10, nil
	}}, count(&calls))
	r, err := steptest.Execute(t, s, 0)
	if err != nil || r.Output != 111 || !slices.Equal(seen, []int{1, 2}) {
		t.Errorf("got %d, Next saw %v, %v; want 111, [1 2]", r.Output, seen, err)
	}
}

func TestAnErrorInNextEndsTheLoop(t *testing.T) {
	t.Parallel()
	calls := 0
	s := loop.New("grow", numbers{Max: 3, Next: func(context.Context, int, int) (int, error) { return 0, errBoom }}, count(&calls))
	r, err := steptest.Execute(t, s, 0)
	steptest.Failed(t, err, plan.CodeFailed, "grow")
	if got := ended(t, r, "grow", loop.ExitNext, 1); got.Output() != 1 || !errors.Is(err, errBoom) {
		t.Errorf("output %v, %v; want 1, boom", got.Output(), err)
	}
}

func TestB109_AnErrorInTheConditionEndsTheLoop(t *testing.T) {
	t.Parallel()
	calls := 0
	s := loop.New("grow", numbers{Max: 3, Until: func(context.Context, int, int) (bool, error) { return false, errBoom }}, count(&calls))
	r, err := steptest.Execute(t, s, 0)
	steptest.Failed(t, err, plan.CodeFailed, "grow")
	if !errors.Is(err, errBoom) || calls != 1 {
		t.Errorf("%v after %d calls; want boom after 1", err, calls)
	}
	ended(t, r, "grow", loop.ExitAsked, 1)
}

func TestAConditionMayEndTheRun(t *testing.T) {
	t.Parallel()
	calls := 0
	s := loop.New("grow", numbers{Max: 3, Until: func(context.Context, int, int) (bool, error) { return false, weir.ErrPaused }}, count(&calls))
	r, err := steptest.Execute(t, s, 0)
	if !errors.Is(err, weir.ErrPaused) || r.Status != weir.Paused {
		t.Errorf("status %v, %v; want paused", r.Status, err)
	}
	ended(t, r, "grow", nil, 1)
}

func TestB113_FinishMapsTheOutputAlsoAtTheMaximum(t *testing.T) {
	t.Parallel()
	for name, until := range map[string]func(context.Context, int, int) (bool, error){
		"condition": func(_ context.Context, last, _ int) (bool, error) { return last == 3, nil },
		"max":       func(context.Context, int, int) (bool, error) { return false, nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			s := loop.New("grow", loop.Rules[string, int, int, string]{
				Max: 3, Until: until,
				Start:  func(_ context.Context, in string) (int, error) { return strconv.Atoi(in) },
				Finish: func(_ context.Context, last int) (string, error) { return "got " + strconv.Itoa(last), nil },
			}, count(&calls))
			r, err := steptest.Execute(t, s, "0")
			if r.Output != "got 3" || (name == "max") != (plan.CodeOf(err) == plan.CodeMaxLoops) {
				t.Errorf("got %q, %v", r.Output, err)
			}
		})
	}
}

func TestAnErrorInFinishIsTheLoopsFailure(t *testing.T) {
	t.Parallel()
	calls := 0
	s := loop.New("grow", numbers{Max: 3, Finish: func(context.Context, int) (int, error) { return 0, errBoom }}, count(&calls))
	r, err := steptest.Execute(t, s, 0)
	steptest.Failed(t, err, plan.CodeFailed, "grow")
	ended(t, r, "grow", loop.ExitFinish, 3)
	if !errors.Is(err, errBoom) {
		t.Errorf("%v; want boom", err)
	}
}

func TestRulesWhoseTypesDoNotMeetDoNotCompile(t *testing.T) {
	t.Parallel()
	body := weir.Func("len", func(_ context.Context, s string) (int, error) { return len(s), nil })
	s := loop.New("grow", loop.Rules[bool, string, int, float64]{Max: 1}, body)
	for _, why := range []string{"Rules.Start", "Rules.Next", "Rules.Finish", "a round's output is a int"} {
		steptest.Refused(t, s, why)
	}
}

// draft appends what the judge wanted.
func draft(rounds *[]loop.Round[string, string]) weir.Step[loop.Round[string, string], string] {
	return weir.Func("write", func(_ context.Context, r loop.Round[string, string]) (string, error) {
		*rounds = append(*rounds, r)
		return r.Input + r.Previous + r.Feedback, nil
	})
}

func review(done string) weir.Step[string, loop.Verdict] {
	return weir.Func("review", func(_ context.Context, draft string) (loop.Verdict, error) {
		return loop.Verdict{Done: draft == done, Feedback: "!"}, nil
	})
}

func TestB119_RefineGivesTheDraftThatTheJudgeTook(t *testing.T) {
	t.Parallel()
	var rounds []loop.Round[string, string]
	r, err := steptest.Execute(t, loop.Refine("polish", 5, draft(&rounds), review("aa!")), "a")
	if err != nil || r.Output != "aa!" {
		t.Fatalf("got %q, %v; want the second draft", r.Output, err)
	}
	want := []loop.Round[string, string]{{Input: "a"}, {Input: "a", Feedback: "!", Previous: "a"}}
	if !slices.Equal(rounds, want) {
		t.Errorf("the generator saw %+v; want %+v", rounds, want)
	}
	ended(t, r, "polish", loop.ExitCondition, 2)
	if s, _ := r.Step("polish/review"); s.Count() != 2 {
		t.Errorf("the judge ran %d times; want 2", s.Count())
	}
}

func TestRefineWithoutAContentJudgeFailsWithItsFeedback(t *testing.T) {
	t.Parallel()
	var rounds []loop.Round[string, string]
	r, err := steptest.Execute(t, loop.Refine("polish", 2, draft(&rounds), review("no")), "a")
	steptest.Failed(t, err, plan.CodeMaxLoops, "polish")
	if r.Output != "aa!" || !strings.Contains(err.Error(), "the last verdict was: !") {
		t.Errorf("got %q, %v", r.Output, err)
	}
	ended(t, r, "polish", loop.ExitMax, 2)
}

func TestAFailingJudgeIsABodyFailure(t *testing.T) {
	t.Parallel()
	var rounds []loop.Round[string, string]
	judge := weir.Func("review", func(context.Context, string) (loop.Verdict, error) { return loop.Verdict{}, errBoom })
	r, err := steptest.Execute(t, loop.Refine("polish", 2, draft(&rounds), judge), "a")
	steptest.Failed(t, err, plan.CodeFailed, "polish[0]/review")
	ended(t, r, "polish", loop.ExitBody, 1)
}

func TestAJudgeThatGivesSomethingElseIsAFailure(t *testing.T) {
	t.Parallel()
	var rounds []loop.Round[string, string]
	odd := weir.Of[string, loop.Verdict](weir.Func("review", func(context.Context, string) (bool, error) { return true, nil }).Written())
	_, err := steptest.Execute(t, loop.Refine("polish", 2, draft(&rounds), odd), "a")
	steptest.Failed(t, err, plan.CodeType, "polish")
}

func TestRefineNeedsBothSteps(t *testing.T) {
	t.Parallel()
	var rounds []loop.Round[string, string]
	steptest.Refused(t, loop.Refine("polish", 2, draft(&rounds), weir.Step[string, loop.Verdict]{}), "the step is empty")
	steptest.Refused(t, loop.Refine("polish", 2, weir.Step[loop.Round[string, string], string]{}, review("")), "the step is empty")
	steptest.Refused(t, loop.Refine("polish", 0, draft(&rounds), review("")), "at least 1")
}
