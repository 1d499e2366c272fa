package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Not parallel: whether there is a model is said by the environment.
func TestInitWritesAProjectThatRunsWithoutAModel(t *testing.T) {
	t.Setenv("OPENAI_BASE_URL", "")
	t.Setenv("OPENAI_API_KEY", "")
	dir := filepath.Join(t.TempDir(), "new", "feedback")
	got := weirRuns(t, "", "init", dir)
	if got.code != exitDone || !strings.Contains(got.out, "Next:\n  cd "+dir+"\n  weir validate") {
		t.Fatalf("%+v", got)
	}
	pipeline := filepath.Join(dir, "pipeline.yaml")
	if got := weirRuns(t, "", "validate", pipeline); got.code != exitDone {
		t.Errorf("validate: %+v", got)
	}
	if got := weirRuns(t, "", "explain", pipeline); got.code != exitDone || !strings.Contains(got.out, "asks       openai:gpt-4o-mini (in summary/summary)") {
		t.Errorf("explain: %+v", got)
	}
	got = weirRuns(t, "", "run", pipeline, "-q", "--input", filepath.Join(dir, "feedback.txt"))
	for _, part := range []string{"6 remarks were understood: there is work to do", "Average: 3.3 of 5 stars", "not understood: 1", "- Lost an hour"} {
		if !strings.Contains(got.out, part) {
			t.Errorf("run: %q is missing in\n%s%s", part, got.out, got.err)
		}
	}
	schema, err := os.ReadFile(filepath.Join(dir, "weir.schema.json"))
	if err != nil || string(schema) != weirRuns(t, "", "schema").out {
		t.Errorf("the schema is another one than weir schema prints: %v", err)
	}
	for _, name := range []string{"README.md", ".gitignore"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// The program is built without a network and without anything in the module cache: it needs weir alone.
func TestInitWritesAGoProgramThatRuns(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "Feed Back")
	if got := weirRuns(t, "", "init", dir, "--template", "go", "--weir", filepath.Join("..", "..")); got.code != exitDone || !strings.Contains(got.out, "go run . feedback.txt") {
		t.Fatalf("%+v", got)
	}
	for _, args := range [][]string{{"vet", "."}, {"run", ".", "feedback.txt"}} {
		c := exec.CommandContext(t.Context(), "go", args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "GOWORK=off", "GOPROXY=off", "GOFLAGS=-buildvcs=false")
		out, err := c.CombinedOutput()
		if err != nil || args[0] == "run" && !strings.Contains(string(out), "3.3 of 5 stars: there is work to do.\n- 1: Lost") {
			t.Errorf("go %s: %v\n%s", args[0], err, out)
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil || !strings.Contains(string(text), "module example.com/feed-back\n") {
		t.Errorf("%v\n%s", err, text)
	}
	formatted, err := exec.CommandContext(t.Context(), "gofmt", "-l", dir).CombinedOutput()
	if err == nil && len(formatted) > 0 {
		t.Errorf("gofmt would change %s", formatted)
	}
}

func TestInitWritesAllFilesOrNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	readme, pipeline := filepath.Join(dir, "README.md"), filepath.Join(dir, "pipeline.yaml")
	if err := os.WriteFile(readme, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := weirRuns(t, "", "init", dir)
	if got.code != exitUsage || !strings.Contains(got.err, "README.md already") || !strings.Contains(got.err, "--force") {
		t.Errorf("%+v", got)
	}
	if files := listed(t, dir); files != "README.md" {
		t.Errorf("there are %s", files)
	}
	if got := weirRuns(t, "", "init", dir, "--force"); got.code != exitDone {
		t.Errorf("%+v", got)
	}
	if text, err := os.ReadFile(readme); err != nil || string(text) == "mine" {
		t.Errorf("it was not replaced: %s, %v", text, err)
	}
	if files := listed(t, dir); files != ".gitignore README.md feedback.txt pipeline.yaml weir.schema.json" {
		t.Errorf("there are %s", files)
	}
	if err := os.Remove(pipeline); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(pipeline, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := weirRuns(t, "", "init", dir, "--force"); got.code != exitUsage || !strings.Contains(got.err, "folders called pipeline.yaml") {
		t.Errorf("%+v", got)
	}
}

func TestInitRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	taken := file(t, "taken", "")
	for part, args := range map[string][]string{
		"cannot be made":    {"init", taken},
		"--template":        {"init", t.TempDir(), "--template", "rust"},
		"weir's source":     {"init", t.TempDir(), "--template", "go", "--weir", t.TempDir()},
		"is for --template": {"init", t.TempDir(), "--weir", "../.."},
	} {
		if got := weirRuns(t, "", args...); got.code != exitUsage || !strings.Contains(got.err, part) {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

// listed names the files of a folder.
func listed(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestTheSchemaIsPrintedOrWritten(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "s.json")
	printed := weirRuns(t, "", "schema")
	if got := weirRuns(t, "", "schema", "--out", out); got != (said{}) || printed.code != exitDone {
		t.Errorf("%+v, %+v", got, printed)
	}
	if text, err := os.ReadFile(out); err != nil || string(text) != printed.out || !strings.Contains(printed.out, "2020-12") {
		t.Errorf("%v, %d bytes", err, len(text))
	}
	if got := weirRuns(t, "", "schema", "--out", filepath.Join(out, "below")); got.code != exitUsage {
		t.Errorf("%+v", got)
	}
}

func TestEveryCommandHasAHelpWithExamples(t *testing.T) {
	t.Parallel()
	all := weirRuns(t, "", "--help")
	for _, command := range []string{"run", "validate", "explain", "graph", "init", "schema"} {
		got := weirRuns(t, "", command, "--help")
		if got.code != exitDone || !strings.Contains(got.out, "    weir "+command) {
			t.Errorf("%s: %+v", command, got)
		}
		if !strings.Contains(all.out, "\n  "+command+" ") {
			t.Errorf("weir --help does not list %s", command)
		}
	}
	if !strings.Contains(all.out, "    weir run pipeline.yaml --input") {
		t.Errorf("weir --help has no examples:\n%s", all.out)
	}
}
