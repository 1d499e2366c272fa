//go:build weirdebug

package state

import "testing"

func TestModifiedViewsAreFound(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		key := NewKey[map[string]int]("m")
		for name, next := range map[string]func(*Scope){
			"Fork":     func(s *Scope) { s.Fork(new(Scope)) },
			"ForkKeys": func(s *Scope) { _ = s.ForkKeys(new(Scope), nil) },
			"Snapshot": func(s *Scope) { s.Snapshot() },
			"Merge": func(s *Scope) {
				var other Scope
				store(t, &other, object{"a": 1})
				_, _ = Merge(s, []Branch{{"x", other.Changes()}})
			},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := begin(key.With(map[string]int{"a": 1}))
				key.View(within(s))
				next(s)
				key.View(within(s))["a"] = 2
				wantPanic(t, func() { next(s) }, `"m"`, "modified after View", "use Get")
			})
		}
	})
}
