package state

import "testing"

// hidden is a private key, as the blueprint keeps outputs under.
const hidden = PrivatePrefix + "steps/a"

func TestPrivateKeysAreNoMatterOfStrategiesAndMappings(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		var parent, a, b Scope
		parent.Init(plain)
		set(t, &parent, hidden, 1)
		parent.Fork(&a)
		parent.Fork(&b)
		set(t, &a, hidden, 2)
		set(t, &b, hidden, 3)
		report, err := Merge(&parent, []Branch{{"a", a.Changes()}, {"b", b.Changes()}}, ErrorOnConflict, Mapping{"a": {"x"}, "b": {"x"}})
		if err != nil || len(report.Keys) != 0 {
			t.Errorf("plain %v: %v, %v", plain, report, err)
		}
		if v, _ := parent.Lookup(hidden); v != 3 {
			t.Errorf("plain %v: the key holds %v", plain, v)
		}
	}
}

func TestForkKeysLeavesPrivateKeysVisible(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		var parent, branch Scope
		parent.Init(plain)
		set(t, &parent, hidden, 1)
		set(t, &parent, "seen", 2)
		set(t, &parent, "unseen", 3)
		if err := parent.ForkKeys(&branch, []string{"seen"}); err != nil {
			t.Fatal(err)
		}
		h, _ := branch.Lookup(hidden)
		_, visible := branch.Lookup("unseen")
		if h != 1 || visible {
			t.Errorf("plain %v: the private key holds %v, unseen is visible: %v", plain, h, visible)
		}
	}
}

func set(t *testing.T, s *Scope, name string, v any) {
	t.Helper()
	if err := s.Store(name, v); err != nil {
		t.Fatal(err)
	}
}
