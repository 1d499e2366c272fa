package state

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestErrorsShowTheBeginningOfValues(t *testing.T) {
	t.Parallel()
	itself := map[string]any{}
	itself["me"] = itself
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "nothing"}, {true, "true"}, {-3, "-3"}, {uint8(3), "3"}, {0.5, "0.5"}, {"a\n", `"a\n"`},
		{new(3), "3"}, {(*int)(nil), "nothing"}, {struct{ Secret string }{"x"}, "a struct { Secret string }"},
		{[]any{1, "b", []int{2}}, `[1 "b" [2]]`}, {make([]int, 9), "[0 0 0 0 0 0 0 0 …]"},
		{map[string]any{"b": 1, "a": nil}, `{"a":nothing "b":1}`}, {map[int]int{1: 2}, "a map of 1"},
		{itself, `{"me":{"me":…}}`}, {time.Unix(0, 0).UTC(), "1970-01-01T00:00:00Z"}, {func() {}, "a func()"},
	} {
		if got := show(c.value); got != c.want {
			t.Errorf("%T: got %s, want %s", c.value, got, c.want)
		}
	}
}

func TestErrorsShowLittleOfLargeValues(t *testing.T) {
	t.Parallel()
	many := map[string]any{}
	for i := range 99 {
		many[fmt.Sprint(strings.Repeat("é", 50), i)] = strings.Repeat("ü", 1<<20)
	}
	for _, v := range []any{strings.Repeat("é", 1<<20), many, []any{many, many}, strings.Repeat("\x80", 200)} {
		if got := show(v); len(got) > shownBytes+len("…") || !utf8.ValidString(got) {
			t.Errorf("%d bytes: %s", len(got), got)
		}
	}
}

func TestTheTextOfManyConflictsIsBounded(t *testing.T) {
	t.Parallel()
	text := (&ConflictError{make([]Conflict, 1000)}).Error()
	if len(text) > 1000 || !strings.Contains(text, "and for 990 more") {
		t.Errorf("%d bytes: %s", len(text), text)
	}
}
