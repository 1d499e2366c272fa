package parallel_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/parallel"
)

// late is a branch that sets word after d, also when it is stopped meanwhile.
func late(name string, d time.Duration) weir.Step[int, string] {
	return branch(name, func(ctx context.Context) error { <-time.After(d); word.Set(ctx, name); return nil })
}

func first() []parallel.Option { return []parallel.Option{parallel.FirstSuccess()} }

func TestTheFirstSuccessWinsAndCancelsTheRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		r, err := execute(t, par(first(), waits("slow", time.Hour), stops("bad", time.Second, plan.CodeFailed), late("quick", 2*time.Second), late("late", 2*time.Second+1)), 1)
		if took := time.Since(begun); err != nil || took > 3*time.Second {
			t.Fatalf("after %v: %v", took, err)
		}
		for i, b := range r.Output {
			won := b.Name == "quick"
			if won != (b.Err == nil) || won && b.Out != "quick" || !won && (b.Out != "" || plan.CodeOf(b.Err) != plan.CodeCanceled) {
				t.Errorf("%d: %+v", i, b)
			}
		}
		holds(t, r, word, "quick")
		merged(t, r, "context_update", "word from quick")
		s := step(t, r)
		equal(t, s.Note("executed_branches"), "slow", "bad", "quick", "late")
		if want := "The step ended with the first 1 of 4 branches that succeeded: quick"; s.Feedback() != want {
			t.Errorf("feedback %q", s.Feedback())
		}
		if b, _ := r.Step("par/bad"); b.Failures() != 1 {
			t.Error("the failure of the other branch is not in the record")
		}
	})
}

func TestAQuorumWaitsForSoMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		steps := []weir.Step[int, string]{waits("c", 3*time.Second), waits("never", time.Hour), waits("a", time.Second), waits("b", 2*time.Second)}
		reduce := func(_ context.Context, all []parallel.Branch[string]) (text string, _ error) {
			for _, b := range all {
				if b.Err == nil {
					text += b.Out
				}
			}
			return text, nil
		}
		r, err := execute(t, parallel.Reduce("par", reduce, []parallel.Option{parallel.Quorum(3)}, steps...), 1)
		if err != nil || r.Output != "cab" || r.Elapsed != 3*time.Second {
			t.Errorf("%q after %v, %v", r.Output, r.Elapsed, err)
		}
	})
}

func TestAQuorumThatCannotBeReachedFailsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		opts := []parallel.Option{parallel.Quorum(3)}
		r, err := execute(t, par(opts, sets("good", "kept"), stops("bad", time.Second, plan.CodeFailed), waits("slow", time.Hour), stops("worse", 2*time.Second, plan.CodeTimeout)), 1)
		if r.Elapsed != 2*time.Second || plan.CodeOf(err) != plan.CodeFailed {
			t.Errorf("after %v: %v", r.Elapsed, err)
		}
		wants(t, err.Error(), "2 of 4 branches failed", "par/bad", "par/worse")
		holds(t, r, word, "kept") // as of every parallel step that fails
	})
}

func TestFirstSuccessGivesItsOutput(t *testing.T) {
	t.Parallel()
	r, err := execute(t, parallel.First("par", []parallel.Option{parallel.FirstSuccess(), parallel.Width(1)}, bad("a"), good("b"), good("c")), 1)
	if err != nil || r.Output != "b" {
		t.Errorf("%q, %v", r.Output, err)
	}
	equal(t, step(t, r).Note("executed_branches"), "a", "b")
}

func TestABlueprintThatWaitsForOneGetsTheWinnerOnly(t *testing.T) {
	t.Parallel()
	r, err := execute(t, yaml(t, parallel.Spec{Wait: "any", Width: 1, Reduce: parallel.Reducing{Mode: "keys"}}, bad("a"), good("b"), good("c")), any(1))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, r.Output, any("b"))
	d, err := execute(t, yaml(t, parallel.Spec{Wait: "quorum(2)"}, good("a"), good("b")), any(1))
	if out, _ := d.Output.(map[string]any); err != nil || len(out) != 2 {
		t.Errorf("%v, %v", d.Output, err)
	}
}

func TestWhatNobodyMaySwallowEndsAStepThatWaitsForOne(t *testing.T) {
	t.Parallel()
	for _, code := range []plan.Code{plan.CodeBudget, plan.CodeAborted} {
		synctest.Test(t, func(t *testing.T) {
			_, err := execute(t, par(first(), stops("b", 0, code), waits("a", time.Second)), 1)
			if plan.CodeOf(err) != code {
				t.Errorf("%s: %v", code, err)
			}
		})
	}
}

func TestB086_ABranchThatPausesMayStillBeOneOfAQuorum(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		opts := []parallel.Option{parallel.Quorum(2)}
		r, err := execute(t, par(opts, stops("asks", time.Second, plan.CodePaused), waits("works", time.Minute)), 1)
		if works, _ := r.Step("par/works"); !errors.Is(err, plan.ErrPaused) || !works.Success() {
			t.Errorf("%v; the sibling is %v", err, works.Status())
		}
	})
}

// What a branch waits for is not needed once the step is over: whether it came to its wait before or after that must not matter.
func TestAStepThatIsOverDoesNotWaitForABranchThatPauses(t *testing.T) {
	t.Parallel()
	asks := stops("asks", 0, plan.CodePaused)
	fails := branch("fails", func(context.Context) error { <-time.After(time.Second); return errBoom })
	for name, c := range map[string]struct {
		step weir.Step[int, []parallel.Branch[string]]
		code plan.Code
	}{
		"won":  {par(first(), asks, waits("works", time.Second)), ""},
		"fast": {par([]parallel.Option{parallel.FailFast()}, asks, fails), plan.CodeFailed},
		"few":  {par([]parallel.Option{parallel.Quorum(2)}, asks, fails), plan.CodeFailed},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, err := execute(t, c.step, 1)
			if plan.CodeOf(err) != c.code || len(r.Output) != 2 || plan.CodeOf(r.Output[0].Err) != plan.CodeCanceled {
				t.Errorf("%s: output %+v, error %v", name, r.Output, err)
			}
		})
	}
}

func TestWrongWaitsAreMistakes(t *testing.T) {
	t.Parallel()
	join := func(context.Context, string, string) (string, error) { return "", nil }
	for want, text := range map[string]string{
		"quorum(0)":  mistaken(t, named(parallel.Quorum(0))),
		"more bran":  mistaken(t, named(parallel.Quorum(3))),
		"ignore":     mistaken(t, named(parallel.Quorum(1), parallel.OnFailure(parallel.Ignore))),
		"fail_fast":  mistaken(t, named(parallel.FirstSuccess(), parallel.FailFast())),
		"a join nee": mistaken(t, parallel.Join2("par", good("a"), good("b"), join, parallel.FirstSuccess())),
	} {
		wants(t, text, want)
	}
	for _, wait := range []string{"quorum", "quorum()", "quorum(1", "quorum(-1)", "quorum(x)", "first", "quorum(99999999999999999999)"} {
		if _, err := (&parallel.Spec{Wait: wait}).Node(); plan.CodeOf(err) != plan.CodeConfig {
			t.Errorf("%q: %v", wait, err)
		}
	}
}

// remembered is what a plan that keeps a journal gives its steps: decisions by name.
type remembered map[string]any

func (m remembered) decide(_ *plan.Site, name string) plan.Decision {
	return func(_ context.Context, _ plan.Frame, _ int, decide func() (any, error)) (any, error) {
		if v, ok := m[name]; ok {
			return v, nil
		}
		v, err := decide()
		if err == nil {
			m[name] = v
		}
		return v, err
	}
}

// scripted is a frame whose forks come to what the test says, and count.
type scripted struct {
	stateless
	ends  func(i int) (any, error)
	forks *[]int
}

func (s scripted) Fork(ctx context.Context, g *plan.Group) error {
	*s.forks = append(*s.forks, len(g.Branches))
	for i := range g.Branches {
		b := &g.Branches[i]
		if g.Stop == nil && i == 1 {
			b.Out = "again"
		} else {
			b.Out, b.Err = s.ends(i)
		}
		b.Ctx = ctx
		if g.Stop != nil && g.Stop(i, b.Err) {
			for j := i + 1; j < len(g.Branches); j++ {
				g.Branches[j].Err = plan.ErrSkipped
			}
			return nil
		}
	}
	return nil
}

func TestAResumedRunComesToTheSameWinner(t *testing.T) {
	t.Parallel()
	kept := remembered{}
	built, err := plan.Build(par(first(), bad("a"), good("b"), good("c")).Written(), plan.Options{Decide: kept.decide})
	if err != nil {
		t.Fatal(err)
	}
	op := built.Main.Steps[0].Op
	var forks []int
	for _, want := range []string{"fresh", "again"} {
		f := scripted{forks: &forks, ends: func(i int) (any, error) {
			if i == 1 {
				return "fresh", nil
			}
			return nil, errBoom
		}}
		out, err := op(t.Context(), f, 1)
		list, _ := out.([]parallel.Branch[string])
		if err != nil || len(list) != 3 || list[1].Out != want || list[1].Err != nil ||
			plan.CodeOf(list[0].Err) != plan.CodeCanceled || plan.CodeOf(list[2].Err) != plan.CodeCanceled {
			t.Errorf("%s: %+v, %v", want, list, err)
		}
	}
	equal(t, forks, 3, 2)
	if kept["wait"] != "1/0 1/" {
		t.Errorf("kept %q", kept["wait"])
	}
}

func TestAResumedRunRunsAllBranchesAgainWhereTooFewSucceeded(t *testing.T) {
	t.Parallel()
	kept := remembered{}
	built, err := plan.Build(par(first(), bad("a"), bad("b")).Written(), plan.Options{Decide: kept.decide})
	if err != nil {
		t.Fatal(err)
	}
	var forks []int
	for range 2 {
		f := scripted{forks: &forks, ends: func(int) (any, error) { return nil, errBoom }}
		if _, err := built.Main.Steps[0].Op(t.Context(), f, 1); !errors.Is(err, errBoom) {
			t.Error(err)
		}
	}
	equal(t, forks, 2, 2)
}

func TestAResumedRunDoesNotAskJoinsAndReducersAgain(t *testing.T) {
	t.Parallel()
	calls := 0
	join := func(context.Context, string, string) (string, error) { calls++; return "joined", nil }
	reduce := func(context.Context, []parallel.Branch[string]) (string, error) { calls++; return "reduced", nil }
	for want, s := range map[string]*plan.Step{
		"joined":  parallel.Join2("par", good("a"), good("b"), join).Written(),
		"reduced": parallel.Reduce("par", reduce, nil, good("a"), good("b")).Written(),
	} {
		calls = 0
		built, err := plan.Build(s, plan.Options{Decide: remembered{}.decide})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			var forks []int
			f := scripted{forks: &forks, ends: func(int) (any, error) { return "x", nil }}
			if out, err := built.Main.Steps[0].Op(t.Context(), f, 1); out != want || err != nil {
				t.Errorf("%v, %v", out, err)
			}
		}
		if calls != 1 {
			t.Errorf("%s: called %d times", want, calls)
		}
	}
}
