package state

import (
	"reflect"
	"sync"
	"testing"
)

func TestGetGivesTheSameCopyTwice(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		cfg := NewKey[map[string]any]("cfg")
		s := begin()
		ctx := within(s)
		cfg.Set(ctx, map[string]any{"a": 1})
		m := s.Mark()
		cfg.Get(ctx)["a"] = 2
		if got := cfg.Get(ctx)["a"]; got != 2 {
			t.Errorf("an edit of one's own value was lost: %v", got)
		}
		if got, _ := s.Lookup("cfg"); got.(map[string]any)["a"] != 2 {
			t.Errorf("Lookup gave another copy: %v", got)
		}
		if s.Changed(m) {
			t.Error("an edit in place counts as a change")
		}
		wantContent(t, s, map[string]any{"cfg": map[string]any{"a": 1}})
		if got := cfg.View(ctx)["a"]; got != 1 {
			t.Errorf("View shows the edit: %v", got)
		}
	})
}

func TestGetOfADefaultGivesTheSameCopyTwice(t *testing.T) {
	t.Parallel()
	list := NewKey("list", Default([]int{1}))
	var s, other Scope
	list.Get(within(&s))[0] = 2
	if got := list.Get(within(&s))[0]; got != 2 {
		t.Errorf("got %d, want the edit", got)
	}
	if got := list.Get(within(&other))[0]; got != 1 {
		t.Errorf("another scope sees %d", got)
	}
}

func TestWhatIsHandedOverIsNotGivenAgain(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		a, b := NewKey("a", Default([]int{1})), NewKey[[]int]("b")
		s := begin()
		ctx := within(s)
		m := s.Mark()
		mine := a.Get(ctx)
		b.Set(ctx, mine) // now b's
		a.Get(ctx)[0] = 5
		if got := b.View(ctx)[0]; got != 1 {
			t.Errorf("editing a's value reached what b stores: %d", got)
		}
		a.Set(ctx, a.Get(ctx)) // now a's own
		snap := s.Snapshot()
		s.Rollback(m)
		a.Get(ctx)[0] = 7
		if v, _ := a.From(snap); v[0] != 5 {
			t.Errorf("the snapshot shows %v, want the 5 that was set", v)
		}
	})
}

func TestRollbackKeepsCopiesOfKeysThatWereNotWritten(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		kept, written := NewKey[[]int]("kept"), NewKey[[]int]("written")
		s := begin(kept.With([]int{1}), written.With([]int{1}))
		ctx := within(s)
		kept.Get(ctx)[0], written.Get(ctx)[0] = 2, 2
		m := s.Mark()
		written.Set(ctx, []int{3})
		written.Get(ctx)[0] = 4
		s.Rollback(m)
		if got := kept.Get(ctx)[0]; got != 2 {
			t.Errorf("kept %d, want the edit to last", got)
		}
		if got := written.Get(ctx)[0]; got != 1 {
			t.Errorf("written %d, want a new copy of what was stored", got)
		}
	})
}

func TestUpdateBeginsWithWhatIsStored(t *testing.T) {
	t.Parallel()
	list := NewKey[[]int]("list")
	var s Scope
	ctx := within(&s)
	list.Set(ctx, []int{1})
	list.Get(ctx)[0] = 9 // not a change
	list.Update(ctx, func(v []int) []int { return append(v, 2) })
	if got := list.Get(ctx); !reflect.DeepEqual(got, []int{1, 2}) {
		t.Errorf("got %v", got)
	}
}

func TestImmutableValuesAreShared(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		type config struct{ list []int }
		shared := NewKey("shared", Immutable[*config](), Default(&config{}))
		v := &config{[]int{1}}
		s := begin(shared.With(v))
		var branch Scope
		s.Fork(&branch)
		if shared.Get(within(s)) != v || shared.Get(within(&branch)) != v {
			t.Error("an immutable value was copied")
		}
		shared.Delete(within(s))
		if shared.Get(within(s)) != shared.Get(within(&branch)) && shared.Get(within(s)) != shared.View(t.Context()) {
			t.Error("an immutable default was copied")
		}
	})
}

func TestGoroutinesOfOneScopeGetOneCopy(t *testing.T) {
	t.Parallel()
	key := NewKey[*int]("p")
	var s Scope
	ctx := within(&s)
	key.Set(ctx, new(int))
	got := make([]*int, 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = key.Get(ctx) })
	}
	wg.Wait()
	for _, p := range got {
		if p != got[0] {
			t.Error("two copies")
		}
	}
	if got[0] == key.View(ctx) {
		t.Error("not a copy")
	}
}
