package state

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
)

// run is the least a context of a run is.
type run struct {
	context.Context
	scope *Scope
}

func (r run) Value(key any) any {
	if key == (ContextKey{}) {
		return r.scope
	}
	return r.Context.Value(key)
}

func within(s *Scope) context.Context { return run{context.Background(), s} }

// both runs a test with the persistent state and with its plain twin.
func both(t *testing.T, test func(t *testing.T, begin func(...Value) *Scope)) {
	t.Helper()
	for _, plain := range []bool{false, true} {
		t.Run(modeName(plain), func(t *testing.T) {
			t.Parallel()
			test(t, func(values ...Value) *Scope {
				s := new(Scope)
				s.Init(plain, values...)
				return s
			})
		})
	}
}

// store writes values and fails the test if it cannot.
func store(t *testing.T, s *Scope, values map[string]any) {
	t.Helper()
	for name, v := range values {
		if err := s.Store(name, v); err != nil {
			t.Fatal(err)
		}
	}
}

// content returns all that a scope holds.
func content(s *Scope) map[string]any { return maps.Collect(s.Snapshot().All()) }

func wantContent(t *testing.T, s *Scope, want map[string]any) {
	t.Helper()
	if got := content(s); !reflect.DeepEqual(got, want) {
		t.Errorf("state is %v, want %v", got, want)
	}
}

// wantPanic runs f and checks that it panics with a text that has all the words.
func wantPanic(t *testing.T, f func(), words ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		text, _ := recover().(string)
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("panic %q does not say %q", text, w)
			}
		}
	}()
	f()
	t.Error("no panic")
}

func TestB154ForkSharesNothingThatIsWritten(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		list := NewKey[[]int]("list")
		s := begin(list.With([]int{1, 2}))
		var a, b Scope
		s.Fork(&a)
		s.Fork(&b)
		list.Update(within(&a), func(v []int) []int { v[0] = 10; return append(v, 3) })
		list.Get(within(&b))[0] = 20
		list.Set(within(s), []int{0})
		if got := list.Get(within(&a)); !reflect.DeepEqual(got, []int{10, 2, 3}) {
			t.Errorf("a has %v", got)
		}
		var fresh Scope
		b.Fork(&fresh)
		if got := list.Get(within(&fresh)); !reflect.DeepEqual(got, []int{1, 2}) {
			t.Errorf("a fork of b has %v, want what was stored", got)
		}
		if got := list.Get(within(s)); !reflect.DeepEqual(got, []int{0}) {
			t.Errorf("the parent has %v", got)
		}
	})
}

func TestForkedScopeBeginsAnew(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin()
		store(t, s, map[string]any{"a": 1})
		var item Scope
		s.Fork(&item)
		store(t, &item, map[string]any{"a": 2, "b": []any{1}})
		first := item.Changes()
		s.Fork(&item)
		if (item.Changes() != Changes{}) {
			t.Error("a scope used again still has changes")
		}
		wantContent(t, &item, map[string]any{"a": 1})
		if v, _ := first.After().Get("a"); v != 2 {
			t.Errorf("the changes taken before show %v, want 2", v)
		}
	})
}

func TestForkKeysShowsOnlyThose(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		limit := NewKey("limit", Default(7))
		s := begin(limit.With(1))
		store(t, s, map[string]any{"a": map[string]any{"x": 1}, "b": 2})
		var branch Scope
		if err := s.ForkKeys(&branch, []string{"a"}); err != nil {
			t.Fatal(err)
		}
		wantContent(t, &branch, map[string]any{"a": map[string]any{"x": 1}, "limit": 7})
		if got := limit.Get(within(&branch)); got != 7 {
			t.Errorf("limit is %d, want its default 7", got)
		}
		a, _ := branch.Lookup("a")
		a.(map[string]any)["x"] = 9
		wantContent(t, s, map[string]any{"a": map[string]any{"x": 1}, "b": 2, "limit": 1})
	})
}

func TestForkKeysRefusesUnknownNames(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin(NewKey[int]("a").With(1))
		var branch Scope
		err := s.ForkKeys(&branch, []string{"a", "typo"})
		var unknown *UnknownKeyError
		if !errors.As(err, &unknown) || !reflect.DeepEqual(unknown.Keys, []string{"typo"}) {
			t.Fatalf("error %v, want an UnknownKeyError of typo", err)
		}
		if text := `state: unknown key "typo": declare it, or use one of "a"`; err.Error() != text {
			t.Errorf("text %q, want %q", err, text)
		}
	})
}

func TestRollbackForgetsWhatWasWritten(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin()
		store(t, s, map[string]any{"a": 1, "b": 2})
		m := s.Mark()
		if s.Changed(m) {
			t.Error("changed at once")
		}
		store(t, s, map[string]any{"a": 10, "c": 3})
		s.Remove("b")
		if !s.Changed(m) || s.Mark() == m {
			t.Error("not changed after writes")
		}
		if n := len(changed(s.Since(m))); n != 3 {
			t.Errorf("%d changes since the mark, want 3", n)
		}
		s.Rollback(m)
		if s.Changed(m) {
			t.Error("changed after rollback")
		}
		wantContent(t, s, map[string]any{"a": 1, "b": 2})
	})
}

// changed collects changes.
func changed(c Changes) map[string]Change { return maps.Collect(c.All()) }

func TestChangesTellWhatHappenedToEachKey(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin()
		store(t, s, map[string]any{"same": 1, "changed": 1, "gone": 1, "untouched": 1})
		var branch Scope
		s.Fork(&branch)
		store(t, &branch, map[string]any{"same": 1, "changed": 2, "new": 3, PrivatePrefix + "out": 4})
		branch.Remove("gone")
		want := map[string]Change{
			"changed":             {Was: 1, Is: 2},
			"gone":                {Was: 1, Deleted: true},
			"new":                 {Is: 3, Added: true},
			PrivatePrefix + "out": {Is: 4, Added: true},
		}
		if got := changed(branch.Changes()); !reflect.DeepEqual(got, want) {
			t.Errorf("changes %v, want %v", got, want)
		}
		if v, _ := branch.Changes().Before().Get("changed"); v != 1 {
			t.Errorf("before: %v", v)
		}
	})
}

func TestInitForgetsAndDeclares(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		n := NewKey[int]("n")
		s := begin(n.With(1), n.With(2))
		wantContent(t, s, map[string]any{"n": 2})
		var wrong *TypeError
		if err := s.Store("n", "text"); !errors.As(err, &wrong) || wrong.Key != "n" {
			t.Errorf("storing text in an int key: %v", err)
		}
		s.Init(false)
		wantContent(t, s, map[string]any{})
		if err := s.Store("n", "text"); err != nil {
			t.Errorf("the key is still declared: %v", err)
		}
	})
}

func TestScopeOfIsNilOutsideARun(t *testing.T) {
	t.Parallel()
	if s := ScopeOf(t.Context()); s != nil {
		t.Errorf("got %p", s)
	}
	s := new(Scope)
	if ScopeOf(within(s)) != s {
		t.Error("another scope")
	}
}
