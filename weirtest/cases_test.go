package weirtest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/kinds"
	"github.com/weirflow/weir/weirtest"
)

// load is the loader of blueprints.
func load(_ testing.TB, c *weirtest.Case) (weir.Step[any, any], *weir.Config, error) {
	b, err := blueprint.Load(c.Name, []byte(c.Part("in.yaml")), blueprint.Options{Kinds: kinds.All()})
	if err != nil {
		return weir.Step[any, any]{}, nil, err
	}
	return weir.Dynamic(b.Step), &weir.Config{State: b.State, Limits: b.Limits, Without: b.Without}, nil
}

func TestCasesAreBlueprintsWithWhatMustComeOut(t *testing.T) {
	t.Parallel()
	weirtest.Cases(t, "testdata/cases", load)
}

func TestSameCasesLeavesOutWhatDoesNotRun(t *testing.T) {
	t.Parallel()
	got := weirtest.SameCases(t, "testdata/cases", load)
	if len(got) != 2 || !strings.Contains(got["answer"], `output "Ada: 4 of 5"`) || !strings.Contains(got["fails"], "error weir: grow (loop)") {
		t.Errorf("outcomes %v", got)
	}
}

func TestAPartThatDoesNotHoldFails(t *testing.T) {
	if *update {
		t.Skip("with -update nothing is compared")
	}
	t.Parallel()
	c := weirtest.ReadCase(t, "testdata/cases/answer.txt")
	r := &recorder{TB: t}
	c.Want(r, "output", `"Ada: 4 of 5"`)
	c.Want(r, "answer", "4") // the last one of its name
	if len(r.said) != 0 {
		t.Errorf("said %v of what holds", r.said)
	}
	c.Want(r, "output", "something else")
	c.Want(r, "nothing", "")
	if len(r.said) != 2 || !strings.Contains(r.said[0], "does not hold") {
		t.Errorf("said %v", r.said)
	}
	if !c.Has("input") || c.Has("nothing") || c.Part("nothing") != "" || len(c.Parts("answer")) != 2 || !strings.HasPrefix(c.Comment, "The model") {
		t.Errorf("case %+v", c)
	}
}

// shifting makes a pipeline that does something else each time.
func shifting() func() (weir.Step[int, int], *weir.Config) {
	made := 0
	return func() (weir.Step[int, int], *weir.Config) {
		made++
		return weir.Func("shift", func(_ context.Context, n int) (int, error) { return n + made, nil }), nil
	}
}

func TestSameWithoutFindsAnOutcomeThatChanges(t *testing.T) {
	t.Parallel()
	r := &recorder{TB: t}
	weirtest.SameWithout(r, 1, shifting())
	if len(r.said) < 3 || !strings.Contains(strings.Join(r.said, "\n"), "another one") {
		t.Errorf("said %v", r.said)
	}
}

func TestSameWithoutPassesWhatStaysTheSame(t *testing.T) {
	t.Parallel()
	s := weir.Then(each.Collect("all", weir.Func("odd", func(_ context.Context, n int) (int, error) {
		if n%2 == 0 {
			return 0, errors.New("it is even")
		}
		return n, nil
	}), each.Width(8)), weir.Func("count", func(ctx context.Context, all []each.Outcome[int]) ([]each.Outcome[int], error) {
		tries.Update(ctx, func(n int) int { return n + len(all) })
		return all, nil
	}))
	in := []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
	got := weirtest.SameWithout(t, in, func() (weir.Step[[]int, []each.Outcome[int]], *weir.Config) { return s, nil }, weir.State(tries.With(7)))
	for _, part := range []string{"state tries: int(16)", "all/odd (func) failed x9, 4 failed", "event all[1]/odd: step.failed func attempt 1, no usage failed it is even", "it is even"} {
		if !strings.Contains(got, part) {
			t.Errorf("the outcome does not say %q:\n%s", part, got)
		}
	}
}

func TestAnOutcomeShowsTypesAndNoAddresses(t *testing.T) {
	t.Parallel()
	type inner struct {
		Next *inner
		list []any
	}
	value := func(n any) any {
		return map[string]any{"b": &inner{Next: &inner{}, list: []any{n, nil, "x"}}, "a": fmt.Errorf("no: %w", errors.New("boom"))}
	}
	outcome := func(n any) string {
		return weirtest.Outcome(t, weir.Func("make", func(context.Context, int) (any, error) { return value(n), nil }), nil, 1)
	}
	if a, b := outcome(int64(1)), outcome(int64(1)); a != b || strings.Contains(a, "0x") || !strings.Contains(a, "int64(1)") || !strings.Contains(a, "no: boom") {
		t.Errorf("once\n%s\nand once\n%s", a, b)
	}
	if a, b := outcome(int64(1)), outcome(1.0); a == b {
		t.Errorf("the type of a number does not show:\n%s", a)
	}
}
