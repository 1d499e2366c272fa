package state

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"testing"
)

func declared(t *testing.T, name string, def any, opts ...KeyOption[any]) Value {
	t.Helper()
	v, err := Declare(name, def, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestLookupFallsBackToTheDeclaredDefault(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin(declared(t, "cfg", object{"a": 1}), declared(t, "note", nil), NewKey[int]("bare").With(1))
		s.Remove("bare")
		if v, ok := s.Lookup("cfg"); !ok || !reflect.DeepEqual(v, object{"a": 1}) {
			t.Errorf("%v %t", v, ok)
		}
		if v, ok := s.View("note"); v != nil || !ok {
			t.Errorf("a declared nil: %v %t", v, ok)
		}
		for _, name := range []string{"bare", "unknown"} {
			if v, ok := s.Lookup(name); v != nil || ok {
				t.Errorf("%s: %v %t", name, v, ok)
			}
			if v, ok := s.View(name); v != nil || ok {
				t.Errorf("%s: %v %t", name, v, ok)
			}
		}
		wantContent(t, s, object{"cfg": object{"a": 1}, "note": nil})
	})
}

func TestStoreChecksDeclaredTypes(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin(declared(t, "n", 0), declared(t, "maybe", 0, Nullable[any]()), NewKey[[]string]("tags").With(nil))
		store(t, s, object{"n": 3.0, "maybe": nil, "tags": list{"a", "b"}, "free": 1})
		store(t, s, object{"free": "text"})
		want := object{"n": 3, "maybe": nil, "tags": []string{"a", "b"}, "free": "text"}
		wantContent(t, s, want)
		if NewKey[int]("maybe").Get(within(s)) != 0 {
			t.Error("nil is not the zero value to a typed key")
		}
		for name, v := range (object{"n": 2.5, "maybe": "x", "tags": list{1}}) {
			var wrong *TypeError
			if err := s.Store(name, v); !errors.As(err, &wrong) || wrong.Key != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.Store("n", nil); err == nil || err.Error() != `state: key "n" holds int and cannot be nil: declare it Nullable, or store a value` {
			t.Errorf("nil: %v", err)
		}
		wantContent(t, s, want)
	})
}

func TestScratchpadIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	var s Scope
	store(t, &s, object{"a": 1})
	_, declareErr := Declare("scratchpad", 1)
	_, updateErr := s.Update(object{"scratchpad": 1, "a": 2}, false)
	for name, err := range map[string]error{
		"Declare":        declareErr,
		"Update":         updateErr,
		"Store":          s.Store("scratchpad", 1),
		"StorePath":      s.StorePath("scratchpad.x", 1),
		"StorePath root": s.StorePath("scratchpad", 1),
	} {
		if !errors.Is(err, ErrScratchpad) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantContent(t, &s, object{"a": 1})
	if err := s.Store("", 1); err == nil {
		t.Error("an empty name was accepted")
	}
}

func TestDeclareRefusesWhatDoesNotGoTogether(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]KeyOption[any]{
		"reducer and type":    {ReduceBy[any]("append")},
		"unknown reducer":     {ReduceBy[any]("sun")},
		"default and default": {Default[any]("text")},
	} {
		if _, err := Declare("n", 1, opts...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := Declare("", 1); err == nil {
		t.Error("empty name: accepted")
	}
	if _, err := declared(t, "n", 1).With("text"); err == nil {
		t.Error("text in an int key: accepted")
	}
	v, err := declared(t, "n", 1).With(2.0)
	if err != nil {
		t.Fatal(err)
	}
	var s Scope
	s.Init(false, v)
	wantContent(t, &s, object{"n": 2})
}

func TestFitLosesNothing(t *testing.T) {
	t.Parallel()
	type word string
	type small map[word]int8
	one := 1
	for _, c := range []struct {
		want any // nil: it does not fit its type
		typ  any
		in   any
	}{
		{3, 0, 3.0}, {3, 0, int64(3)}, {nil, 0, 3.5}, {nil, 0, "3"}, {nil, 0, true}, {nil, 0, nil},
		{uint8(200), uint8(0), 200}, {nil, uint8(0), 300}, {nil, uint(0), -1}, {nil, int64(0), uint64(1 << 63)},
		{2.0, 0.0, 2}, {float32(0.5), float32(0), 0.5}, {nil, float32(0), 0.1}, {nil, 0.0, 1<<53 + 1},
		{nil, int64(0), 9.3e18}, {nil, 0.0, int64(1<<63 - 1)},
		{5, 0, json.Number("5")}, {1000, 0, json.Number("1e3")}, {nil, 0, json.Number("5.5")}, {5.5, 0.0, json.Number("5.5")}, {nil, "", json.Number("5")},
		{word("a"), word(""), "a"}, {"a", "", word("a")}, {nil, "", 1}, {true, false, true},
		{[]int{1, 2}, []int(nil), list{1, 2.0}}, {nil, []int(nil), list{"a"}}, {[]int(nil), []int(nil), nil}, {[]int(nil), []int(nil), list(nil)},
		{small{"a": 1}, small(nil), object{"a": 1}}, {nil, small(nil), object{"a": 1000}}, {nil, small(nil), map[int]int{1: 1}},
		{small(nil), small(nil), object(nil)}, {object{"a": 1}, object(nil), map[string]int{"a": 1}},
		{&one, &one, 1}, {(*int)(nil), &one, nil}, {nil, &one, "a"},
	} {
		got, ok := fit(reflect.TypeOf(c.typ), c.in)
		if ok != (c.want != nil) || ok && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%T from %T(%v): %v %t, want %v", c.typ, c.in, c.in, got, ok, c.want)
		}
	}
}

func TestStorePath(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		for _, c := range []struct {
			path string
			in   any
			want object // of what changes in the state; nil: refused
			at   string // of the PathError
		}{
			{"n", "42", object{"n": 42}, ""},
			{"n", " 7 ", object{"n": 7}, ""},
			{"n", "abc", nil, "n"},
			{"n", 2.0, object{"n": 2}, ""},
			{"n", object{}, nil, "n"},
			{"free", "2.5", object{"free": 2.5}, ""},
			{"free", "two", nil, "free"},
			{"text", "42", object{"text": "42"}, ""},
			{"new", "42", object{"new": "42"}, ""},
			{"m.a", "3", object{"m": object{"a": 3, "o": object{}}}, ""},
			{"m.a", "x", nil, "m.a"},
			{"m.o.new", list{1}, object{"m": object{"a": 1, "o": object{"new": list{1}}}}, ""},
			{"m.none.b", 1, nil, "m.none"},
			{"m.a.b", 1, nil, "m.a"},
			{"none.a", 1, nil, "none"},
			{"typed.a", 2.0, object{"typed": map[string]int{"a": 2}}, ""},
			{"typed.a", 2.5, nil, "typed.a"},
			{"defaulted.a", 1, object{"defaulted": object{"a": 1, "b": 2}}, ""},
			{"", 1, nil, ""},
			{"m..a", 1, nil, "m"},
			{PrivatePrefix + "steps", 1, nil, PrivatePrefix + "steps"},
		} {
			s := begin(declared(t, "n", 0), declared(t, "defaulted", object{"b": 2}))
			store(t, s, object{"free": 1.5, "text": "", "m": object{"a": 1, "o": object{}}, "typed": map[string]int{}})
			want := content(s)
			err := s.StorePath(c.path, c.in)
			maps.Copy(want, c.want)
			wantContent(t, s, want)
			var path *PathError
			if errors.As(err, &path) != (c.want == nil) || (err == nil) != (c.want != nil) {
				t.Errorf("%s ← %v: error %v", c.path, c.in, err)
			} else if path != nil && (path.At != c.at || path.Path != c.path) {
				t.Errorf("%s: failed at %q, want %q", c.path, path.At, c.at)
			}
		}
	})
}

func TestPathErrorSaysWhy(t *testing.T) {
	t.Parallel()
	var s Scope
	store(t, &s, object{"n": 1})
	for path, want := range map[string]string{
		"a.b.c":      `state: cannot store at "a.b.c": "a" is not an object with text keys: store one there first`,
		"n":          `state: cannot store at "n": key "n" holds int, and this string does not fit: convert it first`,
		"scratchpad": `state: cannot store at "scratchpad": "scratchpad" is not a key: give each value a key of its own`,
	} {
		err := s.StorePath(path, "x")
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if err := s.StorePath("a.b", 1); !errors.Is(err, ErrNoObject) {
		t.Errorf("%v", err)
	}
}

func TestStorePathAndUpdateCopyTheirInput(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin()
		store(t, s, object{"a": nil, "m": object{"x": list{1}}})
		in := list{1}
		if err := s.StorePath("a", in); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Update(object{"m": object{"y": in}}, true); err != nil {
			t.Fatal(err)
		}
		in[0] = 2
		wantContent(t, s, object{"a": list{1}, "m": object{"x": list{1}, "y": list{1}}})
	})
}

func TestUpdateWritesWhatIsKnown(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin(declared(t, "known", 0), NewKey[[]string]("tags").With(nil), declared(t, "maybe", nil))
		store(t, s, object{"cfg": object{"a": 0, "b": 2, "deep": object{"x": 1}}, "present": "old", PrivatePrefix + "p": 1})
		ignored, err := s.Update(object{
			"known": 1.0, "unknown": 2, "present": 3, "tags": list{"t"}, "maybe": nil, PrivatePrefix + "p": 2,
			"cfg": object{"a": 1, "deep": object{"y": 2}, "new": 3},
		}, false)
		if err != nil || !reflect.DeepEqual(ignored, []string{PrivatePrefix + "p", "unknown"}) {
			t.Errorf("ignored %q, error %v", ignored, err)
		}
		wantContent(t, s, object{"known": 1, "present": 3, "tags": []string{"t"}, "maybe": nil,
			"cfg": object{"a": 1, "b": 2, "deep": object{"x": 1, "y": 2}, "new": 3}})
		if v, _ := s.View(PrivatePrefix + "p"); v != 1 {
			t.Errorf("a private key was written: %v", v)
		}
	})
}

func TestUpdateIsAllOrNothing(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin(declared(t, "known", 0), declared(t, "text", ""))
		m := s.Mark()
		_, err := s.Update(object{"known": "bad type", "text": nil}, false)
		var wrong *TypeError
		if !errors.As(err, &wrong) || wrong.Key != "known" || s.Changed(m) {
			t.Errorf("error %v, changed %t", err, s.Changed(m))
		}
		want := `state: key "known" holds int, and this string does not fit: convert it first` + "\n" +
			`state: key "text" holds string and cannot be nil: declare it Nullable, or store a value`
		if err.Error() != want {
			t.Errorf("got  %s\nwant %s", err, want)
		}
		var unknown *UnknownKeyError
		if _, err := s.Update(object{"known": 1, "typo": 2}, true); !errors.As(err, &unknown) || s.Changed(m) {
			t.Errorf("strict: error %v, changed %t", err, s.Changed(m))
		}
		if ignored, err := s.Update(object{"typo": 2}, false); len(ignored) != 1 || err != nil || s.Changed(m) {
			t.Errorf("nothing known: %v %v", ignored, err)
		}
	})
}
