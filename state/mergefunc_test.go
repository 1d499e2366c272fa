package state

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
)

func TestMergeFuncHasFullControl(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin()
		store(t, s, object{"a": 1, "b": object{"x": 1}})
		var x, y Scope
		s.Fork(&x)
		s.Fork(&y)
		store(t, &x, object{"a": 5})
		branches := []Branch{{"x", x.Changes()}, {"y", y.Changes()}}
		report, err := Merge(s, branches, MergeFunc(func(target *Scope, branches []Branch) error {
			b, _ := target.Lookup("b")
			b.(object)["x"] = 2 // its own copy
			var seen list
			for _, branch := range branches {
				v, _ := branch.Changes.After().Get("a")
				seen = append(seen, v)
			}
			target.Remove("a")
			return target.Store("seen", seen)
		}))
		if err != nil || !reflect.DeepEqual(report.Keys, []string{"a", "seen"}) {
			t.Errorf("report %+v, error %v", report, err)
		}
		wantContent(t, s, object{"b": object{"x": 1}, "seen": list{5, 1}})
		if (branches[1].Changes != Changes{}) {
			t.Error("the caller's branches were modified")
		}
	})
}

func TestMergeFuncThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin()
		m := s.Mark()
		cause := errors.New("no")
		_, err := Merge(s, nil, MergeFunc(func(target *Scope, _ []Branch) error {
			store(t, target, object{"a": 1})
			return cause
		}))
		if !errors.Is(err, cause) || s.Changed(m) {
			t.Errorf("error %v, changed %t", err, s.Changed(m))
		}
	})
}

func TestMergeIntoNothingIsSkipped(t *testing.T) {
	t.Parallel()
	var s Scope
	store(t, &s, object{"a": 1})
	if r, err := Merge(nil, []Branch{{"x", s.Changes()}}); err != nil || r.Changed {
		t.Errorf("%+v %v", r, err)
	}
}

func TestMergeOfItselfDoesNothing(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		n := NewKey("n", Reduce(Sum[int]))
		s := begin()
		n.Set(within(s), 1)
		m := s.Mark()
		if r, err := Merge(s, []Branch{{"self", s.Changes()}}); err != nil || r.Changed || s.Changed(m) {
			t.Errorf("%+v %v", r, err)
		}
	})
}

func TestMergeTwiceIsMergeOnce(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin()
		store(t, s, object{"l": list{1}, "m": object{"a": 1}})
		var x Scope
		s.Fork(&x)
		store(t, &x, object{"l": list{1, 2}, "m": object{"b": 1}, "n": 1})
		for range 2 {
			if _, err := Merge(s, []Branch{{"x", x.Changes()}}); err != nil {
				t.Fatal(err)
			}
			wantContent(t, s, object{"l": list{1, 2}, "m": object{"b": 1}, "n": 1})
		}
	})
}

func TestMergedBranchesStayApart(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin()
		store(t, s, object{"m": object{"a": list{1}}})
		var x, y Scope
		s.Fork(&x)
		s.Fork(&y)
		store(t, &x, object{"m": object{"a": list{1}, "x": list{1}}})
		store(t, &y, object{"m": object{"a": list{1}, "y": list{1}}})
		if _, err := Merge(s, []Branch{{"x", x.Changes()}, {"y", y.Changes()}}); err != nil {
			t.Fatal(err)
		}
		m, _ := s.Lookup("m")
		m.(object)["a"].(list)[0] = 9
		m.(object)["x"].(list)[0] = 9
		wantContent(t, &x, object{"m": object{"a": list{1}, "x": list{1}}})
		wantContent(t, s, object{"m": object{"a": list{1}, "x": list{1}, "y": list{1}}})
	})
}

func TestHiddenKeysMergeAgainstWhatTheParentHad(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		n := NewKey("n", Reduce(Sum[int]))
		s := begin(n.With(5))
		store(t, s, object{"seen": 1, "hidden": 1, "m": object{"a": 1}})
		branch := func(values object) Changes {
			var b Scope
			if err := s.ForkKeys(&b, []string{"seen"}); err != nil {
				t.Fatal(err)
			}
			store(t, &b, values)
			return b.Changes()
		}
		x := branch(object{"hidden": 2, "m": object{"b": 2}, "n": 1})
		y := branch(object{"n": 2})
		if _, err := Merge(s, []Branch{{"x", x}, {"y", y}}); err != nil {
			t.Fatal(err)
		}
		wantContent(t, s, object{"seen": 1, "hidden": 2, "m": object{"a": 1, "b": 2}, "n": 8})
		z := branch(object{"hidden": 4})
		store(t, s, object{"hidden": 3})
		if _, err := Merge(s, []Branch{{"z", z}}); err == nil {
			t.Error("the parent changed the hidden key too, and it is no conflict")
		}
	})
}

func TestReducerGetsValuesOfItsOwn(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		var got [][]string
		key := NewKey("l", Reduce(func(base, a, b []string) []string {
			got = append(got, base, a, b)
			base[0], a[0], b[0] = "spoilt", "a", "spoilt"
			return append(a, b[1:]...)
		}))
		s := begin(key.With([]string{"-"}))
		var x, y Scope
		s.Fork(&x)
		s.Fork(&y)
		key.Set(within(&x), []string{"-", "x"})
		key.Set(within(&y), []string{"-", "y"})
		if _, err := Merge(s, []Branch{{"x", x.Changes()}, {"y", y.Changes()}}); err != nil {
			t.Fatal(err)
		}
		if v := key.View(within(s)); !reflect.DeepEqual(v, []string{"a", "x", "y"}) {
			t.Errorf("merged: %v (of %v)", v, got)
		}
		if v := key.View(within(&x)); v[0] != "-" {
			t.Errorf("the branch was spoilt: %v", v)
		}
		if v, _ := x.Changes().Before().View("l"); v.([]string)[0] != "-" {
			t.Errorf("the fork point was spoilt: %v", v)
		}
	})
}

func TestReducerThatCannotIsAnError(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		v, err := Declare("n", nil, ReduceBy[any]("sum"))
		if err != nil {
			t.Fatal(err)
		}
		s := begin(v)
		var x, y Scope
		s.Fork(&x)
		s.Fork(&y)
		store(t, &x, object{"n": "text", "other": 1})
		store(t, &y, object{"n": 1})
		m := s.Mark()
		_, err = Merge(s, []Branch{{"x", x.Changes()}, {"y", y.Changes()}})
		if err == nil || s.Changed(m) || !strings.Contains(err.Error(), `state: reducer of key "n": sum is for numbers`) {
			t.Errorf("error %v, changed %t", err, s.Changed(m))
		}
	})
}

func TestConflictTextNamesWhatToDo(t *testing.T) {
	t.Parallel()
	err := &ConflictError{[]Conflict{{Key: "cfg.a", A: Parent, B: "x", AValue: 1}, {Key: "f", A: "x", B: "y", AValue: "ann", BValue: []any{"bob", nil}}}}
	want := `state: merge conflict for key "cfg.a": the parent holds 1, "x" made it nothing; for key "f": "x" made it "ann", "y" made it ["bob" nothing] (give the key to one branch with a field mapping, or declare a reducer for it)`
	if got := err.Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestConflictHasTheThreeValues(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin()
		store(t, s, object{"f": "0"})
		var x, y Scope
		s.Fork(&x)
		s.Fork(&y)
		store(t, &x, object{"f": "x"})
		y.Remove("f")
		report, _ := Merge(s, []Branch{{"x", x.Changes()}, {"y", y.Changes()}})
		want := []Conflict{{Key: "f", A: "x", B: "y", Base: "0", AValue: "x"}}
		if !reflect.DeepEqual(report.Conflicts, want) {
			t.Errorf("got %+v", report.Conflicts)
		}
	})
}

func TestValuesThatHoldThemselvesCanBeMerged(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		ring := func(n int) object {
			m := object{"n": n}
			m["self"], m["again"] = m, list{m}
			return m
		}
		s := begin()
		store(t, s, object{"m": ring(0)})
		var x, y Scope
		s.Fork(&x)
		s.Fork(&y)
		store(t, &x, object{"m": ring(1)})
		store(t, &y, object{"m": ring(2)})
		if _, err := Merge(s, []Branch{{"x", x.Changes()}, {"y", y.Changes()}}); err == nil {
			t.Error("no conflict")
		}
		if _, err := Merge(s, []Branch{{"x", x.Changes()}}); err != nil {
			t.Error(err)
		}
	})
}

func TestMergesAndWritesOfOneScopeAllCount(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		n := NewKey("n", Reduce(Sum[int]))
		s := begin(n.With(0))
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 50 {
					var b Scope
					s.Fork(&b)
					n.Update(within(&b), func(v int) int { return v + 1 })
					if _, err := Merge(s, []Branch{{"b", b.Changes()}}); err != nil {
						t.Error(err)
					}
					n.Update(within(s), func(v int) int { return v + 1 })
				}
			})
		}
		wg.Wait()
		if got := n.Get(within(s)); got != 400 {
			t.Errorf("%d, want 400", got)
		}
	})
}

func TestUnknownStrategyIsAnError(t *testing.T) {
	t.Parallel()
	var s, b Scope
	store(t, &b, object{"a": 1})
	for _, strategy := range []Strategy{overlay, Strategy(77)} {
		if _, err := Merge(&s, []Branch{{"b", b.Changes()}}, strategy); err == nil {
			t.Errorf("%v was accepted", strategy)
		}
	}
}

func TestStrategiesHaveNames(t *testing.T) {
	t.Parallel()
	for _, s := range []Strategy{ContextUpdate, NoMerge, Overwrite, ErrorOnConflict, KeepFirst} {
		text, err := s.MarshalText()
		var back Strategy
		if err != nil || back.UnmarshalText(text) != nil || back != s {
			t.Errorf("%v became %v", s, back)
		}
	}
	if s, err := ParseStrategy(""); s != ContextUpdate || err != nil {
		t.Errorf("%v %v", s, err)
	}
	for text, word := range map[string]string{"merge_scratchpad": "no scratchpad", "keep_last": "keep_first"} {
		if _, err := ParseStrategy(text); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := Strategy(9).MarshalText(); err == nil {
		t.Error("Strategy(9) was written")
	}
}

func TestChangesMergeAcrossModes(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		var from, into, branch Scope
		from.Init(plain)
		into.Init(!plain)
		store(t, &from, object{"a": 1, "b": list{1}, "gone": 1})
		store(t, &into, object{"a": 1, "b": list{1}, "gone": 1, "c": 1})
		from.Fork(&branch)
		store(t, &branch, object{"a": 2, "b": list{1, 2}})
		branch.Remove("gone")
		if _, err := Merge(&into, []Branch{{"x", branch.Changes()}}); err != nil {
			t.Error(err)
		}
		wantContent(t, &into, object{"a": 2, "b": list{1, 2}, "c": 1})
	}
}
