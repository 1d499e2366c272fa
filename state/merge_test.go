package state

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

type object = map[string]any
type list = []any

// writes are what a branch stores; deleted removes the key instead.
type writes struct {
	branch string
	values object
}

type deleted struct{}

// mergeCase begins with a state, runs branches and, after they have forked, the parent, and merges.
type mergeCase struct {
	name     string
	begin    object
	parent   object
	branches []writes
	opts     []MergeOption
	want     object   // nil: as the parent left it
	keys     []string // of the report
	conflict string   // "key: a, b" joined by "; "
}

func (c mergeCase) run(t *testing.T, begin func(...Value) *Scope) {
	s := begin(counters(t)...)
	write(t, s, c.begin)
	scopes := make([]Scope, len(c.branches))
	for i := range scopes {
		s.Fork(&scopes[i])
	}
	write(t, s, c.parent)
	var branches []Branch
	for i, b := range c.branches {
		write(t, &scopes[i], b.values)
		branches = append(branches, Branch{b.branch, scopes[i].Changes()})
	}
	before, mark := content(s), s.Mark()
	report, err := Merge(s, branches, c.opts...)
	if c.want == nil {
		c.want = before
	}
	wantContent(t, s, c.want)
	if !reflect.DeepEqual(report.Keys, c.keys) {
		t.Errorf("report of keys %v, want %v", report.Keys, c.keys)
	}
	if same := reflect.DeepEqual(before, content(s)); report.Changed == same {
		t.Errorf("report says changed: %t", report.Changed)
	}
	if s.Changed(mark) != report.Changed {
		t.Error("the mark and the report disagree")
	}
	if got := conflictText(report.Conflicts); got != c.conflict {
		t.Errorf("conflicts %q, want %q", got, c.conflict)
	}
	var conflict *ConflictError
	if errors.As(err, &conflict) != (c.conflict != "") || (err == nil) != (c.conflict == "") {
		t.Errorf("error %v", err)
	}
}

// counters declares a key for each ready reducer.
func counters(t *testing.T) []Value {
	t.Helper()
	var values []Value
	for name, def := range (object{"sum": 0, "max": 0, "min": 0.0, "append": list(nil), "union": list(nil)}) {
		v, err := Declare(name+"med", def, ReduceBy[any](name))
		if err != nil {
			t.Fatal(err)
		}
		v.key.stated = false // keeps them out of the contents the cases write down
		values = append(values, v)
	}
	return values
}

func write(t *testing.T, s *Scope, values object) {
	t.Helper()
	for name, v := range values {
		if _, gone := v.(deleted); gone {
			s.Remove(name)
		} else {
			store(t, s, object{name: clone(new(facts), v)})
		}
	}
}

func conflictText(all []Conflict) string {
	var out []string
	for _, c := range all {
		out = append(out, fmt.Sprintf("%s: %s, %s", c.Key, c.A, c.B))
	}
	return strings.Join(out, "; ")
}

func testMerges(t *testing.T, cases []mergeCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			both(t, c.run)
		})
	}
}

func TestContextUpdate(t *testing.T) {
	t.Parallel()
	testMerges(t, []mergeCase{
		{name: "nothing written"},
		{name: "different keys", begin: object{"a": 1, "b": 1},
			branches: []writes{{"x", object{"a": 2}}, {"y", object{"b": 3, "c": 4}}},
			want:     object{"a": 2, "b": 3, "c": 4}, keys: []string{"a", "b", "c"}},
		{name: "same value twice", begin: object{"a": 1},
			branches: []writes{{"x", object{"a": 2}}, {"y", object{"a": 2}}},
			want:     object{"a": 2}, keys: []string{"a"}},
		{name: "different values", begin: object{"a": 1},
			branches: []writes{{"x", object{"a": 2, "b": 1}}, {"y", object{"a": 3}}},
			conflict: "a: x, y"},
		{name: "different texts and truths", begin: object{"f": "", "g": false},
			branches: []writes{{"x", object{"f": "x", "g": true}}, {"y", object{"f": "y", "g": nil}}},
			conflict: "f: x, y; g: x, y"},
		{name: "every conflict is told", begin: object{"a": 1},
			branches: []writes{{"x", object{"a": 2}}, {"y", object{"a": 3}}, {"z", object{"a": 4, "b": 1}}},
			conflict: "a: x, y; a: x, z"},
		{name: "an unchanged value is not a change", begin: object{"a": 1},
			branches: []writes{{"x", object{"a": 2}}, {"y", object{"a": 1}}},
			want:     object{"a": 2}, keys: []string{"a"}},
		{name: "all wrote what was there", begin: object{"a": 1},
			branches: []writes{{"x", object{"a": 1}}}},
		{name: "deletion", begin: object{"a": 1, "b": 2},
			branches: []writes{{"x", object{"a": deleted{}}}, {"y", object{"a": deleted{}, "c": 1}}},
			want:     object{"b": 2, "c": 1}, keys: []string{"a", "c"}},
		{name: "deleted and changed", begin: object{"a": 1, "b": 1},
			branches: []writes{{"x", object{"a": deleted{}, "b": 2}}, {"y", object{"a": 2, "b": deleted{}}}},
			conflict: "a: x, y; b: x, y"},
		{name: "maps leaf by leaf", begin: object{"m": object{"a": 1, "b": object{"c": 1, "d": 1}, "e": 1}},
			branches: []writes{
				{"x", object{"m": object{"a": 2, "b": object{"c": 1, "d": 2}, "e": 1}}},
				{"y", object{"m": object{"a": 1, "b": object{"c": 3, "d": 1, "n": 1}}}}},
			want: object{"m": object{"a": 2, "b": object{"c": 3, "d": 2, "n": 1}}}, keys: []string{"m"}},
		{name: "conflict of a leaf", begin: object{"m": object{"a": object{"b": 1, "c": 1}}},
			branches: []writes{
				{"w", object{"m": object{"a": object{"b": 1, "c": 9}}}},
				{"x", object{"m": object{"a": object{"b": 2, "c": 1}}}},
				{"y", object{"m": object{"a": object{"b": 3, "c": 1}}}}},
			conflict: "m.a.b: x, y"},
		{name: "new maps are merged too",
			branches: []writes{{"x", object{"m": object{"a": 1}}}, {"y", object{"m": object{"b": 2}}}},
			want:     object{"m": object{"a": 1, "b": 2}}, keys: []string{"m"}},
		{name: "map and something else", begin: object{"m": object{"a": 1}},
			branches: []writes{{"x", object{"m": object{"a": 2}}}, {"y", object{"m": 1}}},
			conflict: "m: x, y"},
		{name: "typed maps", begin: object{"m": map[string]int{"a": 1}},
			branches: []writes{{"x", object{"m": map[string]int{"a": 1, "x": 1}}}, {"y", object{"m": map[string]int{"y": 2}}}},
			want:     object{"m": map[string]int{"x": 1, "y": 2}}, keys: []string{"m"}},
		{name: "lists that only grew", begin: object{"l": list{1}},
			branches: []writes{{"x", object{"l": list{1, 2}}}, {"y", object{"l": list{1, 3, 4}}}, {"z", object{"l": list{1, 5}}}},
			want:     object{"l": list{1, 2, 3, 4, 5}}, keys: []string{"l"}},
		{name: "typed lists that only grew", begin: object{"m": object{"l": []string{"a"}}},
			branches: []writes{{"x", object{"m": object{"l": []string{"a", "b"}}}}, {"y", object{"m": object{"l": []string{"a", "c"}}}}},
			want:     object{"m": object{"l": []string{"a", "b", "c"}}}, keys: []string{"m"}},
		{name: "new lists",
			branches: []writes{{"x", object{"l": list{1}}}, {"y", object{"l": list{2}}}},
			want:     object{"l": list{1, 2}}, keys: []string{"l"}},
		{name: "the same additions count once", begin: object{"l": list{0}},
			branches: []writes{{"x", object{"l": list{0, 1}}}, {"y", object{"l": list{0, 2}}}, {"z", object{"l": list{0, 1}}}},
			want:     object{"l": list{0, 1, 2}}, keys: []string{"l"}},
		{name: "a list that was rewritten", begin: object{"l": list{1, 2}},
			branches: []writes{{"x", object{"l": list{1, 2, 3}}}, {"y", object{"l": list{9}}}},
			conflict: "l: x, y"},
		{name: "the parent moved on", begin: object{"a": 1, "b": 1}, parent: object{"b": 2},
			branches: []writes{{"x", object{"a": 2}}},
			want:     object{"a": 2, "b": 2}, keys: []string{"a"}},
		{name: "the parent changed the same", begin: object{"a": 1, "l": list{}}, parent: object{"a": 2, "l": list{"p"}},
			branches: []writes{{"x", object{"a": 3, "l": list{"x"}}}},
			conflict: "a: parent, x"},
		{name: "the parent changed it alike", begin: object{"a": 1}, parent: object{"a": 2},
			branches: []writes{{"x", object{"a": 2}}}},
		{name: "the parent added to a list", begin: object{"l": list{}}, parent: object{"l": list{"p"}},
			branches: []writes{{"x", object{"l": list{"x"}}}},
			want:     object{"l": list{"p", "x"}}, keys: []string{"l"}},
		{name: "nil is a value", begin: object{"a": 1},
			branches: []writes{{"x", object{"a": nil}}},
			want:     object{"a": nil}, keys: []string{"a"}},
		{name: "private keys are merged and not told",
			branches: []writes{{"x", object{PrivatePrefix + "a": 1}}, {"y", object{"b": 1}}},
			want:     object{"b": 1}, keys: []string{"b"}},
	})
}

func TestReducersCountEveryChange(t *testing.T) {
	t.Parallel()
	testMerges(t, []mergeCase{
		{name: "sum", begin: object{"summed": 10},
			branches: []writes{{"x", object{"summed": 11}}, {"y", object{"summed": 11}}, {"z", object{"summed": 8}}},
			want:     object{"summed": 10}},
		{name: "sum from the default",
			branches: []writes{{"x", object{"summed": 1}}, {"y", object{"summed": 1}}},
			want:     object{"summed": 2}, keys: []string{"summed"}},
		{name: "sum with the parent's change", begin: object{"summed": 1}, parent: object{"summed": 2},
			branches: []writes{{"x", object{"summed": 4}}},
			want:     object{"summed": 5}, keys: []string{"summed"}},
		{name: "max and min", begin: object{"maxmed": 1, "minmed": 1.5},
			branches: []writes{{"x", object{"maxmed": 5, "minmed": 0.5}}, {"y", object{"maxmed": 3, "minmed": 2.5}}},
			want:     object{"maxmed": 5, "minmed": 0.5}, keys: []string{"maxmed", "minmed"}},
		{name: "append", begin: object{"appendmed": list{"a"}},
			branches: []writes{{"x", object{"appendmed": list{"a", "b"}}}, {"y", object{"appendmed": list{"a", "b"}}}},
			want:     object{"appendmed": list{"a", "b", "b"}}, keys: []string{"appendmed"}},
		{name: "union", begin: object{"unionmed": list{"a"}},
			branches: []writes{{"x", object{"unionmed": list{"b", "c"}}}, {"y", object{"unionmed": list{"c", "d"}}}},
			want:     object{"unionmed": list{"b", "c", "d"}}, keys: []string{"unionmed"}},
		{name: "deletion is no case for a reducer", begin: object{"summed": 1},
			branches: []writes{{"x", object{"summed": 2}}, {"y", object{"summed": deleted{}}}},
			conflict: "summed: x, y"},
	})
}

func TestOverwrite(t *testing.T) {
	t.Parallel()
	var many []writes
	for i := 1; i <= 12; i++ {
		name := fmt.Sprint("b", i)
		many = append(many, writes{name, object{"f": name, name: true}})
	}
	last := object{"f": "b12"}
	keys := []string{}
	for _, b := range many {
		last[b.branch] = true
	}
	keys = append(keys, "b1", "b10", "b11", "b12", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "f")
	testMerges(t, []mergeCase{
		{name: "the last declared wins", begin: object{"f": ""}, branches: many,
			opts: []MergeOption{Overwrite}, want: last, keys: keys},
		{name: "maps are one field", begin: object{"m": object{"a": 1}}, parent: object{"m": object{"a": 2}},
			branches: []writes{{"x", object{"m": object{"x": 1}}}, {"y", object{"m": object{"y": 1}}}},
			opts:     []MergeOption{Overwrite}, want: object{"m": object{"y": 1}}, keys: []string{"m"}},
		{name: "what the last did not write has no say", begin: object{"a": 1, "b": 1, "summed": 1},
			branches: []writes{{"x", object{"a": 2, "b": deleted{}}}, {"y", object{"summed": 3}}},
			opts:     []MergeOption{Overwrite}, want: object{"a": 2, "summed": 3}, keys: []string{"a", "b", "summed"}},
	})
}

func TestErrorOnConflict(t *testing.T) {
	t.Parallel()
	testMerges(t, []mergeCase{
		{name: "a preset value may not change", begin: object{"f": 1},
			branches: []writes{{"x", object{"f": 2}}},
			opts:     []MergeOption{ErrorOnConflict}, conflict: "f: parent, x"},
		{name: "filling is fine", begin: object{"f": nil, "m": object{"a": 1}},
			branches: []writes{{"x", object{"f": 2, "g": 1}}, {"y", object{"f": 2, "m": object{"a": 1, "b": 2}}}},
			opts:     []MergeOption{ErrorOnConflict},
			want:     object{"f": 2, "g": 1, "m": object{"a": 1, "b": 2}}, keys: []string{"f", "g", "m"}},
		{name: "an earlier branch's value", begin: object{"f": nil},
			branches: []writes{{"x", object{"f": 1}}, {"y", object{"f": 2}}},
			opts:     []MergeOption{ErrorOnConflict}, conflict: "f: x, y"},
		{name: "a preset value that two change", begin: object{"f": 1},
			branches: []writes{{"x", object{"f": 2}}, {"y", object{"f": 3}}},
			opts:     []MergeOption{ErrorOnConflict}, conflict: "f: parent, x; f: parent, y"},
		{name: "lists too", begin: object{"m": object{"l": list{1}}},
			branches: []writes{{"x", object{"m": object{"l": list{1, 2}}}}},
			opts:     []MergeOption{ErrorOnConflict}, conflict: "m.l: parent, x"},
		{name: "deletion", begin: object{"f": 1},
			branches: []writes{{"x", object{"f": deleted{}}}},
			opts:     []MergeOption{ErrorOnConflict}, conflict: "f: parent, x"},
	})
}

func TestKeepFirst(t *testing.T) {
	t.Parallel()
	testMerges(t, []mergeCase{
		{name: "the first declared wins", begin: object{"f": nil},
			branches: []writes{{"x", object{"f": 1}}, {"y", object{"f": 2, "g": 2}}},
			opts:     []MergeOption{KeepFirst}, want: object{"f": 1, "g": 2}, keys: []string{"f", "g"}},
		{name: "the target stays", begin: object{"f": 0, "h": 1},
			branches: []writes{{"x", object{"f": 1, "h": deleted{}}}},
			opts:     []MergeOption{KeepFirst}},
		{name: "maps are united", begin: object{"m": object{"a": 1}},
			branches: []writes{{"x", object{"m": object{"a": 2, "b": 2}}}, {"y", object{"m": object{"b": 3, "c": 3}}}},
			opts:     []MergeOption{KeepFirst}, want: object{"m": object{"a": 1, "b": 2, "c": 3}}, keys: []string{"m"}},
	})
}

func TestNoMerge(t *testing.T) {
	t.Parallel()
	testMerges(t, []mergeCase{
		{name: "the parent is untouched", begin: object{"l": list{1}, "m": object{"a": 1}},
			branches: []writes{{"x", object{"l": list{1, 2}}}, {"y", object{"m": object{}}}},
			opts:     []MergeOption{NoMerge}},
	})
}

func TestMappingAndInclude(t *testing.T) {
	t.Parallel()
	twice := []writes{{"b1", object{"f": 1, "g": 1}}, {"b2", object{"f": 2, "g": 2}}}
	testMerges(t, []mergeCase{
		{name: "mapping", branches: twice, opts: []MergeOption{Mapping{"b1": {"f"}, "b2": {"g"}}},
			want: object{"f": 1, "g": 2}, keys: []string{"f", "g"}},
		{name: "mapping of one branch", branches: twice, opts: []MergeOption{Mapping{"b1": nil}},
			want: object{"f": 2, "g": 2}, keys: []string{"f", "g"}},
		{name: "include", branches: twice, opts: []MergeOption{Overwrite, Include{"g"}},
			want: object{"g": 2}, keys: []string{"g"}},
		{name: "include nothing", branches: twice, opts: []MergeOption{Include{}}},
		{name: "a single branch, included in part", branches: twice[:1], opts: []MergeOption{Include{"g"}},
			want: object{"g": 1}, keys: []string{"g"}},
		{name: "a single branch, mapped in part", branches: twice[:1], opts: []MergeOption{Mapping{"b1": {"f"}}},
			want: object{"f": 1}, keys: []string{"f"}},
	})
}
