package conformance

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the page")

const root = "../.."

func TestThePageIsTrue(t *testing.T) {
	t.Parallel()
	found, err := tests(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range missing(found) {
		t.Error(m)
	}
	file := filepath.Join(root, "docs", "conformance.md")
	want := page(found)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil || strings.ReplaceAll(string(got), "\r\n", "\n") != want {
		t.Errorf("%s is out of date (%v); run go test ./internal/conformance -update", file, err)
	}
}

func TestNumbersAreInOrderAndStandOnce(t *testing.T) {
	t.Parallel()
	next := 1
	for _, s := range sections {
		for _, b := range s.list {
			if b.number != next || b.what == "" {
				t.Errorf("B%03d %q stands where B%03d should", b.number, b.what, next)
			}
			next++
		}
	}
	if next != 164 {
		t.Errorf("%d behaviours, want 163", next-1)
	}
}
