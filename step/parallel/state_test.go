package parallel_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/parallel"
)

var (
	word  = state.NewKey[string]("word")
	other = state.NewKey[string]("other")
	count = state.NewKey("count", state.Default(0))
	total = state.NewKey("total", state.Reduce(state.Sum[int]))
	list  = state.NewKey[[]string]("list")
	table = state.NewKey[map[string]int]("table")
)

// sets is a branch that sets word.
func sets(name, value string) weir.Step[int, string] {
	return branch(name, func(ctx context.Context) error { word.Set(ctx, value); return nil })
}

// par is two or more branches with options, without the names.
func par(opts []parallel.Option, steps ...weir.Step[int, string]) weir.Step[int, []parallel.Branch[string]] {
	return parallel.Named("par", opts, steps...)
}

func how(s state.Strategy) []parallel.Option { return []parallel.Option{parallel.Merge(s)} }

// holds checks the value of a key at the end of a run.
func holds[T any, O any](t *testing.T, r *weir.Result[O], key state.Key[T], want T) {
	t.Helper()
	if got, _ := key.From(r.State); !reflect.DeepEqual(got, want) {
		t.Errorf("%s is %v, want %v", key.Name(), got, want)
	}
}

// merged checks what the step par noted about its merge.
func merged[O any](t *testing.T, r *weir.Result[O], strategy string, keys ...string) {
	t.Helper()
	a, ok := step(t, r).Note("merge").(state.Account)
	if !ok || a.Strategy != strategy {
		t.Fatalf("the merge is told as %+v", a)
	}
	var got []string
	for _, k := range a.Keys {
		text := k.Key + " from " + strings.Join(k.Branches, "+")
		if k.Reducer != "" {
			text += " by " + k.Reducer
		}
		got = append(got, text)
	}
	equal(t, got, keys...)
}

func TestB073_NoMergeLeavesTheParentAloneAndBranchesApart(t *testing.T) {
	t.Parallel()
	wrote := make(chan struct{})
	a := branch("a", func(ctx context.Context) error {
		list.Update(ctx, func(l []string) []string { return append(l, "a") })
		m := table.Get(ctx)
		m["a"] = 1
		table.Set(ctx, m)
		close(wrote)
		return nil
	})
	b := branch("b", func(ctx context.Context) error {
		<-wrote
		if l, m := list.Get(ctx), table.Get(ctx); len(l) != 1 || len(m) != 1 {
			return fmt.Errorf("b sees %v, %v", l, m)
		}
		return nil
	})
	r, err := execute(t, par(how(state.NoMerge), a, b), 1, weir.State(list.With([]string{"0"}), table.With(map[string]int{"0": 0})))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, list, []string{"0"})
	holds(t, r, table, map[string]int{"0": 0})
}

func TestB074_OverwriteLetsTheLastDeclaredWin(t *testing.T) {
	t.Parallel()
	names := make([]string, 12)
	for i := range names {
		names[i] = fmt.Sprintf("branch%d", i+1)
	}
	steps := reversed(names, func(ctx context.Context, name string) { word.Set(ctx, name) })
	r, err := execute(t, par(how(state.Overwrite), steps...), 1)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, word, "branch12")
	merged(t, r, "overwrite", "word from branch12")
}

func TestB075_TwoBranchesThatDisagreeAreAConflict(t *testing.T) {
	t.Parallel()
	r, err := execute(t, par(nil, sets("a", "x"), sets("b", "y")), 1)
	if plan.CodeOf(err) != plan.CodeConflict {
		t.Fatalf("error %v", err)
	}
	wants(t, err.Error(), "par (parallel)", `key "word"`, `"a" made it "x"`, `"b" made it "y"`, "field mapping", "reducer")
	if c, ok := errors.AsType[*state.ConflictError](err); !ok || c.Conflicts[0].AValue != "x" || c.Conflicts[0].BValue != "y" {
		t.Errorf("error %#v", err)
	}
	if len(r.Output) != 2 || r.Output[1].Out != "b" {
		t.Errorf("output %v", r.Output)
	}
	holds(t, r, word, "")

	r, err = execute(t, par(nil, sets("a", "x"), sets("b", "x")), 1)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, word, "x")
}

func TestB075_NumbersConflictUnlessAReducerAddsThem(t *testing.T) {
	t.Parallel()
	adds := func(name string, key state.Key[int], n int) weir.Step[int, string] {
		return branch(name, func(ctx context.Context) error {
			key.Update(ctx, func(v int) int { return v + n })
			return nil
		})
	}
	_, err := execute(t, par(nil, adds("a", count, 1), adds("b", count, 2)), 1)
	if plan.CodeOf(err) != plan.CodeConflict {
		t.Errorf("error %v", err)
	}
	r, err := execute(t, par(nil, adds("a", total, 1), adds("b", total, 2)), 1, weir.State(total.With(10)))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, total, 13)
}

func TestAReducerThatPanicsFailsTheStep(t *testing.T) {
	t.Parallel()
	odd := state.NewKey("odd", state.Reduce(func(_, _, _ int) int { panic(errBoom) }))
	set := func(name string, n int) weir.Step[int, string] {
		return branch(name, func(ctx context.Context) error { odd.Set(ctx, n); return nil })
	}
	r, err := execute(t, par(nil, set("a", 1), set("b", 2)), 1)
	if plan.CodeOf(err) != plan.CodePanic || !errors.Is(err, errBoom) {
		t.Errorf("error %v", err)
	}
	holds(t, r, odd, 0)
}

func TestB076_FieldMappingGivesKeysToBranches(t *testing.T) {
	t.Parallel()
	both := func(name string) weir.Step[int, string] {
		return branch(name, func(ctx context.Context) error {
			word.Set(ctx, name)
			other.Set(ctx, name)
			return nil
		})
	}
	fields := parallel.Fields(map[string][]string{"b1": {"word"}, "b2": {"other"}})
	r, err := execute(t, par([]parallel.Option{fields}, both("b1"), both("b2")), 1)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, word, "b1")
	holds(t, r, other, "b2")
	merged(t, r, "context_update", "other from b2", "word from b1")
}

func TestB077_ErrorOnConflictRefusesToChangeAPresetValue(t *testing.T) {
	t.Parallel()
	r, err := execute(t, par(how(state.ErrorOnConflict), sets("a", "x")), 1, weir.State(word.With("preset")))
	if plan.CodeOf(err) != plan.CodeConflict {
		t.Errorf("error %v", err)
	}
	wants(t, err.Error(), `"word"`)
	holds(t, r, word, "preset")

	r, err = execute(t, par(how(state.ErrorOnConflict), sets("a", "x")), 1)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, word, "x")

	fills := branch("a", func(ctx context.Context) error { list.Set(ctx, []string{"new"}); return nil })
	r, err = execute(t, par(how(state.ErrorOnConflict), fills), 1, weir.State(list.With(nil)))
	if err != nil {
		t.Errorf("filling a key that holds nil: %v", err)
	}
	holds(t, r, list, []string{"new"})
}

func TestB078_KeepFirstKeepsTheFirstDeclared(t *testing.T) {
	t.Parallel()
	steps := reversed([]string{"a", "b", "c"}, func(ctx context.Context, name string) { word.Set(ctx, name) })
	r, err := execute(t, par(how(state.KeepFirst), steps...), 1)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, word, "a")
	r, err = execute(t, par(how(state.KeepFirst), sets("a", "x")), 1, weir.State(word.With("preset")))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, word, "preset")
}

func TestB079_AMergeFunctionSeesParentAndBranches(t *testing.T) {
	t.Parallel()
	merge := func(target *state.Scope, branches []state.Branch) error {
		text, _ := target.Lookup("word")
		for _, b := range branches {
			v, _ := b.Changes.After().Get("word")
			text = fmt.Sprint(text, " ", b.Name, "=", v)
		}
		return target.Store("word", text)
	}
	opts := []parallel.Option{parallel.MergeFunc(merge), parallel.OnFailure(parallel.Ignore)}
	r, err := execute(t, par(opts, sets("a", "x"), good("b"), bad("c"), sets("d", "y")), 1, weir.State(word.With("p")))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, word, "p a=x b=p d=y")
	merged(t, r, "function", "word from ")

	fails := func(*state.Scope, []state.Branch) error { return errBoom }
	r, err = execute(t, par([]parallel.Option{parallel.MergeFunc(fails)}, sets("a", "x")), 1)
	if !errors.Is(err, errBoom) || plan.CodeOf(err) != plan.CodeState {
		t.Errorf("error %v", err)
	}
	holds(t, r, word, "")
}

func TestB081_BranchesSeeOnlyTheKeysThatAreNamed(t *testing.T) {
	t.Parallel()
	look := branch("look", func(ctx context.Context) error {
		l := list.Get(ctx)
		if word.Get(ctx) != "" || count.Get(ctx) != 0 || len(l) != 1 {
			return fmt.Errorf("sees %q, %d, %v", word.Get(ctx), count.Get(ctx), l)
		}
		l[0] = "edited"
		return nil
	})
	given := weir.State(list.With([]string{"one"}), word.With("hidden"), count.With(7))
	only := func(keys ...string) []parallel.Option { return []parallel.Option{parallel.Only(keys...)} }
	r, err := execute(t, par(only("list"), look, good("b")), 1, given)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, list, []string{"one"})
	holds(t, r, count, 7)

	blind := branch("blind", func(ctx context.Context) error {
		if word.Get(ctx) != "" || len(list.Get(ctx)) != 0 {
			return errBoom
		}
		return nil
	})
	if _, err = execute(t, par(only(), blind), 1, given); err != nil {
		t.Errorf("with no key named: %v", err)
	}
	_, err = execute(t, par(only("list", "missing"), look), 1, given)
	if at, _ := errors.AsType[*weir.StepError](err); at == nil || at.Path != "par" || at.Code != plan.CodeState {
		t.Fatalf("error %v", err)
	}
	wants(t, err.Error(), `"missing"`)
}

func TestOverwriteWithNamedKeysMergesNoOther(t *testing.T) {
	t.Parallel()
	both := branch("a", func(ctx context.Context) error {
		word.Set(ctx, "new")
		count.Set(ctx, 1)
		return nil
	})
	given := weir.State(word.With("old"), count.With(7))
	r, err := execute(t, par([]parallel.Option{parallel.Only("word"), parallel.Merge(state.Overwrite)}, both), 1, given)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, word, "new")
	holds(t, r, count, 7)
}

func TestB082_GoodBranchesAreMergedThoughTheStepFails(t *testing.T) {
	t.Parallel()
	fails := branch("fails", func(ctx context.Context) error { other.Set(ctx, "lost"); return errBoom })
	for _, drop := range [][]string{nil, {"all"}} {
		before := branch("before", func(ctx context.Context) error { count.Set(ctx, 1); return nil })
		s := weir.Then(before, weir.Then(
			weir.Func("one", func(context.Context, string) (int, error) { return 1, nil }), parallel.All("par", sets("good", "x"), fails)))
		p, err := weir.Compile(s, &weir.Config{Without: drop})
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Execute(t.Context(), 1)
		if at, _ := errors.AsType[*weir.StepError](err); !errors.Is(err, errBoom) || at.Path != "par/fails" {
			t.Errorf("error %v", err)
		}
		holds(t, r, word, "x")
		holds(t, r, other, "")
		holds(t, r, count, 1)
	}
}

func TestAConflictBesideAFailureIsInTheErrorToo(t *testing.T) {
	t.Parallel()
	r, err := execute(t, par(nil, sets("a", "x"), bad("b"), sets("c", "y")), 1)
	if !errors.Is(err, errBoom) || !errors.Is(err, &plan.Error{Code: plan.CodeConflict}) || plan.CodeOf(err) != plan.CodeFailed {
		t.Errorf("error %v", err)
	}
	holds(t, r, word, "")
}

func TestWhatAStepAboveDropsIsDropped(t *testing.T) {
	t.Parallel()
	inner := parallel.All("inner", sets("good", "x"), bad("fails"))
	outer := weir.Func("sibling", func(context.Context, int) ([]string, error) { return nil, nil })
	r, err := execute(t, parallel.All("par", inner, outer), 1)
	if !errors.Is(err, errBoom) {
		t.Fatal(err)
	}
	holds(t, r, word, "") // the branch failed as a whole
}

func TestReducersJoinWhatBranchesAdd(t *testing.T) {
	t.Parallel()
	steps := make([]weir.Step[int, string], 8)
	for i := range steps {
		steps[i] = branch(fmt.Sprint("b", i), func(ctx context.Context) error { total.Set(ctx, i); return nil })
	}
	r, err := execute(t, par(nil, steps...), 1)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, total, 28)
	merged(t, r, "context_update", "total from b0+b1+b2+b3+b4+b5+b6+b7 by function")
}

func TestB088_WithoutStateEverythingWorks(t *testing.T) {
	t.Parallel()
	p, err := weir.Compile(par(nil, good("a"), good("b")), nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Program().Main.Steps[0].Op(t.Context(), stateless{}, 1)
	if list, ok := out.([]parallel.Branch[string]); err != nil || !ok || list[0].Out != "in" || list[1].Out != "in" {
		t.Errorf("%v, %v", out, err)
	}
}

// stateless is a frame of an engine that has no state. It runs no step.
type stateless struct{ plan.Frame }

func (stateless) Fork(ctx context.Context, g *plan.Group) error {
	for i := range g.Branches {
		g.Branches[i].Out, g.Branches[i].Ctx = "in", ctx
	}
	g.Branches[0].Ctx = nil
	return nil
}

func (stateless) Note(*plan.Site, string, any) {}
