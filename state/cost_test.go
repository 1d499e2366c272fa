package state

import (
	"testing"
	"unsafe"
)

// allocs counts allocations; it must not run beside other tests, so these are not parallel.
func allocs(t *testing.T, most float64, what string, f func()) {
	t.Helper()
	if n := testing.AllocsPerRun(100, f); n > most {
		t.Errorf("%s: %v allocations, at most %v", what, n, most)
	}
}

func TestScopeIsSmall(t *testing.T) {
	t.Parallel()
	if unsafe.Sizeof(views{}) > 0 {
		t.Skip("built with -tags weirdebug")
	}
	if n := unsafe.Sizeof(Scope{}); n > 48 {
		t.Errorf("a Scope is %d bytes", n)
	}
}

func TestWhatIsCalledBeforeEveryStepIsFree(t *testing.T) {
	s := megabyte(false)
	number, text, items := NewKey[int]("n"), NewKey[string]("t"), NewKey[[]string]("l")
	ctx := within(s)
	number.Set(ctx, 100_000)
	text.Set(ctx, "a text")
	items.Set(ctx, []string{"a"})
	items.Get(ctx)
	var into Scope
	allocs(t, 0, "Mark and Changed", func() { _ = s.Changed(s.Mark()) })
	allocs(t, 0, "Rollback", func() { s.Rollback(s.Mark()) })
	allocs(t, 0, "Get of an int", func() { number.Get(ctx) })
	allocs(t, 0, "Get of a string", func() { text.Get(ctx) })
	allocs(t, 0, "Get of a list, again", func() { items.Get(ctx) })
	allocs(t, 0, "Lookup", func() { s.Lookup("n") })
	allocs(t, 0, "Get of a default", func() { neverSet.Get(ctx) })
	if unsafe.Sizeof(views{}) > 0 {
		return
	}
	allocs(t, 0, "Fork of 1 MB", func() { s.Fork(&into) })
	allocs(t, 0, "View", func() { items.View(ctx) })
	allocs(t, 0, "Snapshot", func() { _ = s.Snapshot() })
	allocs(t, 0, "Changes of nothing", func() { _ = into.Changes() })
	allocs(t, 0, "Init without values", func() { into.Init(false) })
}

var neverSet = NewKey("never set", Default(100_000))

func TestSetCostsAFewSmallAllocations(t *testing.T) {
	number := NewKey[int]("n")
	for _, n := range []int{0, 10, 1000} {
		ctx := within(filled(t, false, n))
		allocs(t, 9, "Set", func() { number.Set(ctx, 100_000) })
	}
}

func TestMergeOfNothingIsFree(t *testing.T) {
	s := filled(t, false, 10)
	branches := make([]Branch, 8)
	allocs(t, 0, "Merge", func() { _, _ = Merge(s, branches) })
}

// TestMergeAllocatesForWhatChanged merges the same eight changes into states of very different size.
func TestMergeAllocatesForWhatChanged(t *testing.T) {
	cost := func(n int) float64 {
		s := filled(t, false, n)
		branches := eightBranches(s)
		start := s.Mark()
		return testing.AllocsPerRun(50, func() {
			if _, err := Merge(s, branches); err != nil {
				t.Error(err)
			}
			s.Rollback(start)
		})
	}
	small, large := cost(100), cost(100_000)
	t.Logf("%v allocations among 100 keys, %v among 100,000", small, large)
	if large > small+8*2*4 { // up to four more levels, two allocations each, for each of eight keys
		t.Errorf("%v allocations among 100 keys, %v among 100,000", small, large)
	}
}

// TestDiffVisitsWhatChanged counts the entries looked at, not the time it takes.
func TestDiffVisitsWhatChanged(t *testing.T) {
	t.Parallel()
	s := filled(t, false, 100_000)
	var branch Scope
	s.Fork(&branch)
	store(t, &branch, object{"key7": -1, "key70000": -2, "key99999": -3})
	visited := 0
	branch.now.Load().table().diff(s.now.Load().table(), func(_, _ *entry) bool { visited++; return true })
	if visited != 3 {
		t.Errorf("%d entries visited, 3 changed", visited)
	}
}
