package state

import (
	"fmt"
	"strings"
	"testing"
)

// filled returns a scope of n keys.
func filled(tb testing.TB, plain bool, n int) *Scope {
	tb.Helper()
	values := make([]Value, n)
	for i := range values {
		values[i] = NewKey[int](fmt.Sprintf("key%d", i)).With(i)
	}
	s := new(Scope)
	s.Init(plain, values...)
	return s
}

// megabyte returns a scope that holds 1 MB in nested maps and lists.
func megabyte(plain bool) *Scope {
	s := new(Scope)
	s.Init(plain)
	for i := range 16 {
		rows := make([]any, 64)
		for j := range rows {
			rows[j] = map[string]any{"text": strings.Repeat("x", 1<<10)}
		}
		_ = s.Store(fmt.Sprintf("rows%d", i), rows)
	}
	return s
}

func modeName(plain bool) string {
	if plain {
		return "plain"
	}
	return "cow"
}

func BenchmarkFork1MB(b *testing.B) {
	for _, plain := range []bool{false, true} {
		b.Run(modeName(plain), func(b *testing.B) {
			s := megabyte(plain)
			var into Scope
			b.ReportAllocs()
			for b.Loop() {
				s.Fork(&into)
			}
		})
	}
}

func BenchmarkMark(b *testing.B) {
	s := filled(b, false, 10)
	b.ReportAllocs()
	for b.Loop() {
		if m := s.Mark(); s.Changed(m) {
			b.Fatal("changed")
		}
	}
}

func BenchmarkGet(b *testing.B) {
	number, list := NewKey[int]("key3"), NewKey[[]string]("list")
	s := filled(b, false, 10)
	ctx := within(s)
	list.Set(ctx, []string{"a", "b"})
	b.Run("int", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if number.Get(ctx) != 3 {
				b.Fatal("wrong")
			}
		}
	})
	b.Run("list again", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			list.Get(ctx)
		}
	})
	b.Run("list view", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			list.View(ctx)
		}
	})
}

func BenchmarkSet(b *testing.B) {
	for _, n := range []int{1, 10, 100, 10_000} {
		for _, plain := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/%d", modeName(plain), n), func(b *testing.B) {
				key := NewKey[int]("key0")
				ctx := within(filled(b, plain, n))
				b.ReportAllocs()
				for b.Loop() {
					key.Set(ctx, 7)
				}
			})
		}
	}
}

func BenchmarkMerge(b *testing.B) {
	for _, n := range []int{10, 1000, 100_000} {
		for _, plain := range []bool{false, true} {
			if plain && n > 1000 {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", modeName(plain), n), func(b *testing.B) {
				s := filled(b, plain, n)
				branches := eightBranches(s)
				start := s.Mark()
				b.ReportAllocs()
				for b.Loop() {
					if r, err := Merge(s, branches); err != nil || len(r.Keys) != 8 {
						b.Fatal(r, err)
					}
					s.Rollback(start)
				}
			})
		}
	}
}

// eightBranches forks s eight times and changes one key in each.
func eightBranches(s *Scope) []Branch {
	branches := make([]Branch, 8)
	for i := range branches {
		var scope Scope
		s.Fork(&scope)
		_ = scope.Store(fmt.Sprintf("key%d", i), -1)
		branches[i] = Branch{fmt.Sprint("b", i), scope.Changes()}
	}
	return branches
}

func BenchmarkMergeOneBranch(b *testing.B) {
	s := filled(b, false, 100)
	start := s.Mark()
	var scope Scope
	s.Fork(&scope)
	_ = scope.Store("key1", -1)
	branches := []Branch{{"b", scope.Changes()}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Merge(s, branches); err != nil {
			b.Fatal(err)
		}
		s.Rollback(start)
	}
}
