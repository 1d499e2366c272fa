package state

import (
	"context"
	"reflect"
	"sync"
	"testing"
)

func TestKeyGivesWhatWasSet(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		n := NewKey("n", Default(5))
		ctx := within(begin())
		if got := n.Get(ctx); got != 5 {
			t.Errorf("default: %d", got)
		}
		n.Set(ctx, 3)
		n.Update(ctx, func(v int) int { return v + 1 })
		if got, view := n.Get(ctx), n.View(ctx); got != 4 || view != 4 {
			t.Errorf("got %d, view %d, want 4", got, view)
		}
		if v, ok := n.From(ScopeOf(ctx).Snapshot()); v != 4 || !ok {
			t.Errorf("from snapshot: %d %t", v, ok)
		}
		n.Delete(ctx)
		if got := n.Get(ctx); got != 5 {
			t.Errorf("after Delete: %d, want the default", got)
		}
		if v, ok := n.From(ScopeOf(ctx).Snapshot()); ok {
			t.Errorf("the snapshot still has %d", v)
		}
	})
}

func TestKeyOutsideARun(t *testing.T) {
	t.Parallel()
	list := NewKey("list", Default([]int{1}))
	ctx := context.Background()
	list.Get(ctx)[0] = 2
	if got := list.Get(ctx); got[0] != 1 {
		t.Errorf("the default was modified: %v", got)
	}
	if got := list.View(ctx); got[0] != 1 {
		t.Errorf("view: %v", got)
	}
	wantPanic(t, func() { list.Set(ctx, nil) }, "Set", `"list"`, "outside a run", "weirtest.Context")
	wantPanic(t, func() { list.Update(ctx, nil) }, "Update", "outside a run")
	wantPanic(t, func() { list.Delete(ctx) }, "Delete", "outside a run")
}

func TestBadKeyNamesPanic(t *testing.T) {
	t.Parallel()
	wantPanic(t, func() { NewKey[int]("") }, "needs a name")
	wantPanic(t, func() { NewKey[int]("scratchpad") }, "scratchpad", "key of its own")
	wantPanic(t, func() { NewKey("n", ReduceBy[int]("sun")) }, `"sun"`, "sum, max, min, append, union")
	wantPanic(t, func() { NewKey("n", ReduceBy[string]("sum")) }, "numbers", "string")
}

func TestOneNameHasOneType(t *testing.T) {
	t.Parallel()
	text, number := NewKey[string]("x"), NewKey[int]("x")
	var s Scope
	number.Set(within(&s), 1)
	wantPanic(t, func() { text.Get(within(&s)) }, `"x"`, "int", "string", "one type")
	if _, ok := text.From(s.Snapshot()); ok {
		t.Error("From gave an int as a string")
	}
	s.Init(false, number.With(1))
	wantPanic(t, func() { text.Set(within(&s), "a") }, `"x"`, "int", "string")
	wantPanic(t, func() { text.Update(within(&s), func(s string) string { return s }) }, `"x"`)
}

func TestKeyOfInterfaceTypeHoldsNil(t *testing.T) {
	t.Parallel()
	anything, pointer := NewKey[any]("any"), NewKey[*int]("ptr")
	var s Scope
	ctx := within(&s)
	anything.Set(ctx, nil)
	pointer.Set(ctx, nil)
	if anything.Get(ctx) != nil || pointer.Get(ctx) != nil {
		t.Error("not nil")
	}
	if v, ok := anything.From(s.Snapshot()); v != nil || !ok {
		t.Errorf("from: %v %t", v, ok)
	}
	if v, ok := pointer.From(s.Snapshot()); v != nil || !ok {
		t.Errorf("from: %v %t", v, ok)
	}
}

func TestDefaultOfTheRunCountsForAKeyWithout(t *testing.T) {
	t.Parallel()
	count, err := Declare("count", 5)
	if err != nil {
		t.Fatal(err)
	}
	var s Scope
	s.Init(false, count)
	if got := NewKey[int]("count").Get(within(&s)); got != 5 {
		t.Errorf("got %d, want the run's default", got)
	}
	if got := NewKey("count", Default(6)).Get(within(&s)); got != 6 {
		t.Errorf("got %d, want the key's own default", got)
	}
}

func TestUpdatesOfManyGoroutinesAllCount(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		n, list := NewKey[int]("n"), NewKey[[]int]("list")
		s := begin()
		ctx := within(s)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for i := range 50 {
					n.Update(ctx, func(v int) int { return v + 1 })
					list.Update(ctx, func(v []int) []int { return append(v, i) })
					_ = list.Get(ctx)
					m := s.Mark()
					s.Changed(m)
					var branch Scope
					s.Fork(&branch)
					n.Set(within(&branch), -1)
				}
			})
		}
		wg.Wait()
		if n.Get(ctx) != 400 || len(list.Get(ctx)) != 400 {
			t.Errorf("%d and %d, want 400", n.Get(ctx), len(list.Get(ctx)))
		}
	})
}

func TestUpdateRunsAgainOnlyIfItsOwnKeyChanged(t *testing.T) {
	t.Parallel()
	n, other := NewKey[int]("n"), NewKey[int]("other")
	var s Scope
	ctx := within(&s)
	calls := 0
	n.Update(ctx, func(v int) int {
		calls++
		other.Set(ctx, calls) // moves the scope on, but not this key
		return v + 1
	})
	if calls != 1 || n.Get(ctx) != 1 {
		t.Errorf("%d calls, value %d", calls, n.Get(ctx))
	}
	calls = 0
	n.Update(ctx, func(v int) int {
		if calls++; calls == 1 {
			n.Set(ctx, 10)
		}
		return v + 1
	})
	if calls != 2 || n.Get(ctx) != 11 {
		t.Errorf("%d calls, value %d, want 2 and 11", calls, n.Get(ctx))
	}
}

func TestWithBeginsEachRunAlike(t *testing.T) {
	t.Parallel()
	list := NewKey[[]int]("list")
	value := list.With([]int{1, 2})
	if value.Name() != "list" || list.Name() != "list" {
		t.Error("name")
	}
	for range 2 {
		var s Scope
		s.Init(false, value)
		if got := list.Get(within(&s)); !reflect.DeepEqual(got, []int{1, 2}) {
			t.Errorf("got %v", got)
		} else {
			got[0] = 9
		}
	}
}
