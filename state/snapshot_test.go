package state

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestSnapshotIsTheStateOfAMoment(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, begin func(...Value) *Scope) {
		s := begin(declared(t, "d", 7))
		store(t, s, object{"b": list{1}, "a": 1, PrivatePrefix + "out": 2})
		snap := s.Snapshot()
		store(t, s, object{"a": 2, "c": 3})
		got, _ := snap.Get("b")
		got.(list)[0] = 9
		if keys := snap.Keys(); !reflect.DeepEqual(keys, []string{"a", "b", "d"}) || snap.Len() != 3 {
			t.Errorf("keys %v", keys)
		}
		text, err := json.Marshal(snap)
		if err != nil || string(text) != `{"a":1,"b":[1],"d":7}` {
			t.Errorf("%s %v", text, err)
		}
		if v, ok := snap.Get(PrivatePrefix + "out"); v != 2 || !ok {
			t.Errorf("private key: %v %t", v, ok)
		}
		if v, ok := snap.View("a"); v != 1 || !ok {
			t.Errorf("a: %v %t", v, ok)
		}
		for _, missing := range []string{"c", "x"} {
			if _, ok := snap.Get(missing); ok {
				t.Errorf("%s is there", missing)
			}
			if _, ok := snap.View(missing); ok {
				t.Errorf("%s is there", missing)
			}
		}
		for name := range snap.All() {
			if name != "a" {
				t.Errorf("began with %s, or did not stop", name)
			}
			break
		}
	})
}

func TestZeroSnapshotIsEmpty(t *testing.T) {
	t.Parallel()
	var snap Snapshot
	text, err := json.Marshal(snap)
	if snap.Len() != 0 || string(text) != "{}" || err != nil {
		t.Errorf("%d %s %v", snap.Len(), text, err)
	}
	if _, ok := NewKey[int]("a").From(snap); ok {
		t.Error("has a value")
	}
}

func TestSnapshotNamesTheKeyThatJSONCannotHold(t *testing.T) {
	t.Parallel()
	var s Scope
	store(t, &s, object{"ok": 1, "bad": func() {}})
	if _, err := json.Marshal(s.Snapshot()); err == nil || !strings.Contains(err.Error(), `state: key "bad"`) {
		t.Errorf("%v", err)
	}
}
