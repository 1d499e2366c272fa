package each_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/each"
)

var (
	word  = state.NewKey[string]("word")
	total = state.NewKey("total", state.Reduce(state.Sum[int]))
	list  = state.NewKey[[]int]("list")
)

func TestChangesAreMergedInItemOrder(t *testing.T) {
	t.Parallel()
	const n = 20
	in := make([]int, n)
	next := make([]chan struct{}, n+1)
	for i := range in {
		in[i], next[i] = i, make(chan struct{})
	}
	next[n] = make(chan struct{})
	close(next[n])
	// The last item ends first.
	body := weir.Func("line", func(ctx context.Context, i int) (int, error) {
		<-next[i+1]
		defer close(next[i])
		if got := list.Get(ctx); len(got) != 1 {
			return 0, fmt.Errorf("item %d sees %v", i, got)
		}
		list.Update(ctx, func(l []int) []int { return append(l, i) })
		total.Set(ctx, i)
		return i, nil
	})
	r, err := execute(t, each.Item("m", body, each.Width(n)), in, weir.State(list.With([]int{-1})))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, list, append([]int{-1}, in...))
	holds(t, r, total, n*(n-1)/2)
	s, _ := r.Step("m")
	a, ok := s.Note("merge").(state.Account)
	if !ok || a.Strategy != "context_update" || len(a.Keys) != 2 || a.Keys[0].Key != "list" || a.Keys[0].Branches[3] != "item 3" ||
		a.Keys[1].Reducer != "function" {
		t.Errorf("the merge is told as %+v", a)
	}
}

func TestNoItemSeesWhatAnotherWrote(t *testing.T) {
	t.Parallel()
	body := weir.Func("line", func(ctx context.Context, n int) (int, error) {
		seen := total.Get(ctx)
		total.Set(ctx, seen+n)
		return seen, nil
	})
	r, err := execute(t, each.Item("m", body), []int{1, 2, 3}, weir.State(total.With(10)))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, r.Output, 10, 10, 10)
	holds(t, r, total, 16)
}

func TestItemsThatDisagreeAreAConflictUnlessAStrategySaysOtherwise(t *testing.T) {
	t.Parallel()
	body := weir.Func("line", func(ctx context.Context, n int) (int, error) {
		word.Set(ctx, fmt.Sprint(n))
		return n, nil
	})
	r, err := execute(t, each.Item("m", body), []int{7, 8})
	if plan.CodeOf(err) != plan.CodeConflict || path(err) != "m" {
		t.Fatalf("error %v", err)
	}
	wants(t, err.Error(), `key "word"`, `"item 0" made it "7"`, `"item 1" made it "8"`)
	equal(t, r.Output, 7, 8)
	holds(t, r, word, "")
	for how, want := range map[state.Strategy]string{state.Overwrite: "8", state.KeepFirst: "7", state.NoMerge: ""} {
		r, err := execute(t, each.Item("m", body, each.Merge(how), each.Width(2)), []int{7, 8})
		if err != nil {
			t.Fatal(err)
		}
		holds(t, r, word, want)
	}
}

func TestFailedItemsChangeNothing(t *testing.T) {
	t.Parallel()
	body := weir.Then(
		weir.Func("add", func(ctx context.Context, n int) (int, error) { total.Set(ctx, n); return n, nil }),
		weir.Func("line", odd))
	r, err := execute(t, each.Collect("m", body), []int{2, 3, 4})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, total, 6)
	f, err := execute(t, each.Item("m", body), []int{2, 3, 4})
	if !errors.Is(err, errBoom) {
		t.Fatal(err)
	}
	holds(t, f, total, 0)
}

// sees reads what expressions in the body of a map see.
func sees(ctx context.Context) [2]any {
	s := state.ScopeOf(ctx)
	item, _ := s.View(each.ItemKey)
	index, _ := s.View(each.IndexKey)
	return [2]any{item, index}
}

func TestTheItemAndItsNumberAreShownToTheBody(t *testing.T) {
	t.Parallel()
	body := weir.Func("line", func(ctx context.Context, in any) (any, error) {
		total.Set(ctx, 1)
		return [3]any{in, sees(ctx)[0], sees(ctx)[1]}, nil
	})
	s := each.Spec{ShowItem: true, Width: 3, Body: spec.Step{Step: body.Written()}}
	r, err := execute(t, yaml(t, s), any([]string{"a", "b", "c"}))
	want := []any{[3]any{"a", "a", 0}, [3]any{"b", "b", 1}, [3]any{"c", "c", 2}}
	if err != nil || !reflect.DeepEqual(r.Output, want) {
		t.Errorf("got %v, %v; want %v", r.Output, err, want)
	}
	holds(t, r, total, 3)
	if _, ok := r.State.View(each.ItemKey); ok {
		t.Error("the item is still in the state after the step")
	}

	fails := s
	fails.Body.Step = weir.Func("line", odd).Written()
	_, err = execute(t, yaml(t, fails), any([]int{2, 3}))
	if path(err) != "m[1]/line" {
		t.Errorf("error %v", err)
	}
}

func TestAnInnerMapShowsItsOwnItem(t *testing.T) {
	t.Parallel()
	body := weir.Func("line", func(ctx context.Context, _ any) (any, error) { return sees(ctx), nil })
	node, err := (&each.Spec{ShowItem: true, Body: spec.Step{Step: body.Written()}}).Node()
	if err != nil {
		t.Fatal(err)
	}
	inner := weir.Dynamic(&plan.Step{Name: "inner", Node: node})
	after := weir.Then(inner, weir.Func("after", func(ctx context.Context, in any) (any, error) {
		return []any{in, sees(ctx)}, nil
	}))
	r, err := execute(t, yaml(t, each.Spec{ShowItem: true, Body: spec.Step{Step: after.Written()}}), any([]any{[]string{"a", "b"}}))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(r.Output); got != "[[[[a 0] [b 1]] [[a b] 0]]]" {
		t.Errorf("got %s", got)
	}
}

func TestPrivateKeysOfItemsEndWithThem(t *testing.T) {
	t.Parallel()
	const key = state.PrivatePrefix + "steps/line"
	body := weir.Func("line", func(ctx context.Context, n int) (int, error) {
		total.Set(ctx, n)
		return n, state.ScopeOf(ctx).Store(key, n)
	})
	r, err := execute(t, each.Item("m", body), []int{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, total, 3)
	if v, ok := r.State.View(key); ok {
		t.Errorf("%q is %v after the step", key, v)
	}
}
