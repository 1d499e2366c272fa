package journal_test

import (
	"strings"
	"testing"

	"github.com/weirflow/weir/journal"
)

// Stores and services keep these: they may never be others for the same execution.
func TestTheKeysOfAnExecutionAreFixed(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("step/", 200)
	for _, c := range []struct{ got, want string }{
		{journal.Idempotent("run-1", "a/b"), "33b4743db35b4ab6d18f087f22257c0a"},
		{journal.Idempotent("run-1", long), "7edf7ce7922a1af0eb4578880429e4e8"},
		{journal.RequestID("run-1", "a/b"), "req_edce01f7d4cd6e52"},
		{journal.Round("a/b", "done", 0), "a/b#done"},
		{journal.Round("a/b", "done", 12), "a/b#done[12]"},
		{journal.Round(long, "done", 3), long + "#done[3]"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestAllocOfAKeyIsItsText(t *testing.T) {
	for name, made := range map[string]func() string{
		"idempotent": func() string { return journal.Idempotent("run-1", "draft/polish[1234]/score") },
		"request":    func() string { return journal.RequestID("run-1", "draft/polish[1234]/score") },
		"first":      func() string { return journal.Round("draft/polish", "done", 0) },
		"round":      func() string { return journal.Round("draft/polish", "done", 1234) },
	} {
		if n := testing.AllocsPerRun(100, func() { made() }); n != 1 {
			t.Errorf("%s: %v allocations, want 1", name, n)
		}
	}
}
