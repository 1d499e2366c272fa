package weirtest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Golden compares got with the file testdata/<name of the test>.golden and fails with both texts when they differ. When the
// test binary was given the flag -update (see Update), it writes the file instead. Slashes in the test's name become dashes.
func Golden(t testing.TB, got string) {
	t.Helper()
	file := filepath.Join("testdata", strings.ReplaceAll(t.Name(), "/", "-")+".golden")
	if updating() {
		if err := write(file, got); err != nil {
			t.Fatalf("golden: %v", err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("golden: %v; run the test with -update to write it", err)
	}
	if string(want) != got {
		t.Errorf("%s does not hold; run the test with -update if the change is meant\n--- want\n%s\n--- got\n%s", file, want, got)
	}
}

// Update registers the flag -update. Call it once in a package of tests that uses Golden: var _ = weirtest.Update().
func Update() *bool {
	return flag.Bool("update", false, "write golden files instead of comparing with them")
}

// updating says that the test binary was given -update.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}
