package arch

import (
	"fmt"
	"strings"
	"testing"
)

// finding is one breach of a rule.
type finding struct {
	at   string // file:line, or a package where no line is to blame
	rule string // the rule in a few words
	what string // what was found
	do   string // what to do about it
}

func (f finding) String() string {
	return fmt.Sprintf("%s: %s: %s\n\tto do: %s", f.at, f.rule, f.what, f.do)
}

// none fails the test with every finding.
func none(t *testing.T, found []finding) {
	t.Helper()
	for _, f := range found {
		t.Error(f)
	}
}

// one wants exactly one finding, at the given place, whose text holds each of the words.
func one(t *testing.T, found []finding, at string, words ...string) {
	t.Helper()
	if len(found) != 1 {
		t.Fatalf("want one finding at %s, got %d: %v", at, len(found), found)
	}
	if found[0].at != at {
		t.Errorf("the finding is at %s, want %s", found[0].at, at)
	}
	for _, w := range words {
		if !strings.Contains(found[0].String(), w) {
			t.Errorf("the finding does not say %q:\n%v", w, found[0])
		}
	}
	if found[0].rule == "" || found[0].do == "" {
		t.Errorf("a finding names its rule and says what to do: %+v", found[0])
	}
}
