package state

import (
	"encoding/json"
	"fmt"
	"testing"
)

// account merges branches a, b and so on that write these values, and gives the account as JSON.
func account(t *testing.T, s *Scope, opts []MergeOption, branches ...object) string {
	t.Helper()
	scopes := make([]Scope, len(branches))
	list := make([]Branch, len(branches))
	for i, values := range branches {
		s.Fork(&scopes[i])
		store(t, &scopes[i], values)
		list[i] = Branch{string(rune('a' + i)), scopes[i].Changes()}
	}
	report, err := Merge(s, list, opts...)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(report.Account)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAMergeTellsWhereItsKeysComeFrom(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		sum, err := Declare("n", 0, ReduceBy[any]("sum"))
		if err != nil {
			t.Fatal(err)
		}
		own := NewKey("own", Reduce(func(_, a, b int) int { return a * b })).Declared()
		s := begin(sum, own)
		store(t, s, object{"m": object{}, "l": list{}})
		got := account(t, s, nil,
			object{"only": 1, "n": 1, "m": object{"x": 1}, "l": list{1}, "same": 1, "own": 2, PrivatePrefix + "p": 1},
			object{"n": 2, "m": object{"y": 1}, "l": list{2}, "same": 1, "own": 3, PrivatePrefix + "p": 2})
		want := `{"strategy":"context_update","keys":[` +
			`{"key":"l","branches":["a","b"]},{"key":"m","branches":["a","b"]},{"key":"n","branches":["a","b"],"reducer":"sum"},` +
			`{"key":"only","branches":["a"]},{"key":"own","branches":["a","b"],"reducer":"function"},{"key":"same","branches":["a"]}]}`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		const none = `{"strategy":"","keys":null}`
		for _, c := range []struct {
			how  MergeOption
			want string
		}{
			{Overwrite, `{"strategy":"overwrite","keys":[{"key":"w","branches":["c"]}]}`},
			{KeepFirst, `{"strategy":"keep_first","keys":[{"key":"w","branches":["a"]}]}`},
			{NoMerge, none},
			{MergeFunc(func(target *Scope, _ []Branch) error { return target.Store("w", 9) }), `{"strategy":"function","keys":[{"key":"w"}]}`},
			{MergeFunc(func(*Scope, []Branch) error { return nil }), none},
		} {
			s := begin()
			if got := account(t, s, []MergeOption{c.how}, object{"w": 1}, object{"w": 2}, object{"w": 3}); got != c.want {
				t.Errorf("%v: got %s, want %s", c.how, got, c.want)
			}
		}
	})
}

func TestAnAccountNamesNoMoreThanSoManyBranches(t *testing.T) {
	t.Parallel()
	key := NewKey("n", Reduce(Sum[int]))
	var s Scope
	s.Init(false, key.Declared())
	scopes := make([]Scope, 1000)
	branches := make([]Branch, len(scopes))
	for i := range scopes {
		s.Fork(&scopes[i])
		store(t, &scopes[i], object{"n": 1})
		branches[i] = Branch{fmt.Sprint("item ", i), scopes[i].Changes()}
	}
	report, err := Merge(&s, branches)
	if err != nil {
		t.Fatal(err)
	}
	if o := report.Account.Keys[0]; len(o.Branches) != MaxOrigins || o.More != 1000-MaxOrigins || o.Branches[19] != "item 19" {
		t.Errorf("%+v", o)
	}
}

func TestDeclarationsAreFoundByName(t *testing.T) {
	t.Parallel()
	d := Declarations{NewKey[int]("n").Declared(), NewKey("n", Reduce(Sum[int])).With(1)}
	if v, ok := d.Find("n"); !ok || !v.Reduced() || v.Type().String() != "int" {
		t.Errorf("found %v, %v", v, ok)
	}
	if _, ok := d.Find("m"); ok {
		t.Error("found what nobody declared")
	}
	if v, _ := Declare("any", nil); v.Reduced() || v.Type() != nil {
		t.Errorf("%v", v)
	}
}
