package nearest

import (
	"strings"
	"testing"
)

func TestTheMostLikelyNameIsFound(t *testing.T) {
	t.Parallel()
	keys := []string{"retry", "name", "max_retries", "branches", "timeout", "timeout_s", "updates_context"}
	for word, want := range map[string]string{
		"retires":         "retry",
		"retyr":           "retry",
		"nmae":            "name",
		"maxRetries":      "max_retries",
		"branch":          "branches",
		"Timeout":         "timeout",
		"update_context":  "updates_context",
		"zebra":           "",
		"":                "",
		"x":               "",
		"conditionals":    "",
		"timeout_seconds": "",
	} {
		if got, _ := Name(word, keys); got != want {
			t.Errorf("Name(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestAHugeWordCostsNothing(t *testing.T) {
	t.Parallel()
	if got, ok := Name(strings.Repeat("a", 1<<20), []string{"aaaa"}); ok {
		t.Errorf("a huge word is like %q", got)
	}
}
