package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// said is what a command printed and how it ended.
type said struct {
	code     int
	out, err string
}

// weirRuns runs the command in-process.
func weirRuns(t *testing.T, stdin string, args ...string) said {
	t.Helper()
	var out, errs bytes.Buffer
	code := execute(t.Context(), args, terminal{in: strings.NewReader(stdin), out: &out, err: &errs})
	return said{code, out.String(), errs.String()}
}

// file writes a file in a folder of the test's own and gives its path.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const greet = `version: 1
name: greet
steps:
  - name: greet
    uses: template
    with: {text: "hello {{ previous_step }}"}
`

const failing = `version: 1
steps:
  - name: parse
    uses: from_json
`

func TestTheInputIsAFileJSONOrStandardInput(t *testing.T) {
	t.Parallel()
	pipeline := file(t, "greet.yaml", greet)
	for name, c := range map[string]struct {
		stdin string
		args  []string
	}{
		"json":       {args: []string{"--input-json", `"ada"`}},
		"file":       {args: []string{"--input", file(t, "in.txt", "ada")}},
		"dash":       {stdin: "ada", args: []string{"-"}},
		"input dash": {stdin: "ada", args: []string{"--input", "-"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := weirRuns(t, c.stdin, append([]string{"run", pipeline, "-q"}, c.args...)...); got != (said{out: "hello ada\n"}) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestExitCodesSayWhatWentWrong(t *testing.T) {
	t.Parallel()
	good, bad := file(t, "greet.yaml", greet), file(t, "failing.yaml", failing)
	typo := file(t, "typo.yaml", strings.Replace(greet, "uses:", "usess:", 1))
	wrong := file(t, "wrong.yaml", strings.Replace(greet, "previous_step", "previous_stepp", 1))
	binary := file(t, "binary.txt", "fine\n\xff\xfe\n")
	for name, c := range map[string]struct {
		args []string
		code int
		err  []string
	}{
		"done":               {[]string{"run", good, "-q", "--input-json", "1"}, 0, nil},
		"the run failed":     {[]string{"run", bad, "--input-json", `"{"`}, 1, []string{"parse", "weir: parse (func):"}},
		"no file":            {[]string{"run"}, 2, []string{"--help"}},
		"unknown flag":       {[]string{"run", good, "--fast"}, 2, []string{"--fast"}},
		"unknown command":    {[]string{"rum"}, 2, []string{"rum"}},
		"two inputs":         {[]string{"run", good, "--input-json", "1", "-"}, 2, []string{"not several"}},
		"bad JSON":           {[]string{"run", good, "--input-json", "{"}, 2, []string{"--input-json"}},
		"JSON and more":      {[]string{"run", good, "--input-json", "1 2"}, 2, []string{"more after the first value"}},
		"no input file":      {[]string{"run", good, "--input", "nowhere.log"}, 2, []string{"nowhere.log"}},
		"input not UTF-8":    {[]string{"run", good, "--input", binary}, 2, []string{"line 2 is not valid UTF-8"}},
		"pipeline missing":   {[]string{"run", "nowhere.yaml"}, 3, []string{"nowhere.yaml"}},
		"unknown key":        {[]string{"validate", typo}, 3, []string{"typo.yaml:5:5", "usess", "uses"}},
		"unknown name":       {[]string{"validate", wrong}, 4, []string{"wrong.yaml:6", "previous_stepp"}},
		"wrong optimisation": {[]string{"validate", good, "--without", "speed"}, 4, []string{"speed", "flatten"}},
		"no such folder":     {[]string{"run", good, "--out", "nowhere", "--input-json", "1"}, 2, []string{"--out"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := weirRuns(t, "", c.args...)
			if got.code != c.code {
				t.Errorf("exit code %d, want %d: %s", got.code, c.code, got.err)
			}
			for _, part := range c.err {
				if !strings.Contains(got.err, part) {
					t.Errorf("%q is missing in %q", part, got.err)
				}
			}
		})
	}
}

func TestABudgetThatIsUsedUpHasItsOwnExitCode(t *testing.T) {
	t.Parallel()
	if got := weirRuns(t, "", "run", file(t, "g.yaml", greet), "--max-time", "1ns", "--input-json", "1"); got.code != exitBudget || !strings.Contains(got.err, "limit") {
		t.Errorf("%+v", got)
	}
}

// lines decodes a line of JSON each.
func lines(t *testing.T, text string) []map[string]any {
	t.Helper()
	var list []map[string]any
	for l := range strings.Lines(text) {
		var m map[string]any
		if err := json.Unmarshal([]byte(l), &m); err != nil {
			t.Fatalf("%v in %q", err, l)
		}
		list = append(list, m)
	}
	return list
}

func TestJSONIsAnEventALineAndTheLastHoldsTheOutput(t *testing.T) {
	t.Parallel()
	got := weirRuns(t, "", "run", file(t, "g.yaml", greet), "--json", "--input-json", `"ada"`, "--run-id", "r1")
	list := lines(t, got.out)
	if got.code != 0 || got.err != "" || len(list) != 4 {
		t.Fatalf("%+v", got)
	}
	end := list[3]
	if list[0]["type"] != "run.started" || end["type"] != "run.completed" || end["output"] != "hello ada" || end["run"] != "r1" {
		t.Errorf("%v", list)
	}
	for _, key := range []string{"usage", "steps", "metrics"} {
		if _, ok := end[key]; !ok {
			t.Errorf("the last line lacks %s", key)
		}
	}
}

func TestJSONOfAFailureNamesStepAndCode(t *testing.T) {
	t.Parallel()
	got := weirRuns(t, "", "run", file(t, "f.yaml", failing), "--json", "--input-json", `"{"`)
	list := lines(t, got.out)
	end := list[len(list)-1]
	problem, _ := end["error"].(map[string]any)
	if got.code != 1 || end["type"] != "run.failed" || problem["path"] != "parse" || problem["code"] == nil {
		t.Errorf("%+v", got)
	}
}

func TestJSONOfAPipelineThatDoesNotLoadListsItsMistakes(t *testing.T) {
	t.Parallel()
	bad := file(t, "typo.yaml", strings.Replace(greet, "uses:", "usess:", 1))
	for _, command := range [][]string{{"run", bad, "--json"}, {"validate", bad, "--json"}} {
		got := weirRuns(t, "", command...)
		if got.code != 3 || !strings.Contains(got.out, `"line":5`) || len(lines(t, got.out)) != 1 {
			t.Errorf("%s: %+v", command[0], got)
		}
	}
}

func TestEventsInsideMapsAreShownOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	pipeline := file(t, "map.yaml", `version: 1
steps:
  - name: every
    kind: map
    map:
      concurrency: 2
      body: {name: one, uses: passthrough}
`)
	few := lines(t, weirRuns(t, "", "run", pipeline, "--json", "--input-json", "[1,2,3]").out)
	all := lines(t, weirRuns(t, "", "run", pipeline, "--json", "--items", "--input-json", "[1,2,3]").out)
	if len(all)-len(few) != 6 {
		t.Errorf("%d events without items, %d with", len(few), len(all))
	}
}

func TestPlainLinesTellWhatEnded(t *testing.T) {
	t.Parallel()
	got := weirRuns(t, "", "run", file(t, "g.yaml", greet), "--input-json", `"ada"`)
	if got.out != "hello ada\n" || !strings.Contains(got.err, "greet") || !strings.Contains(got.err, "completed in") {
		t.Errorf("%+v", got)
	}
	if strings.Contains(got.err, "\x1b") {
		t.Error("colour without a terminal")
	}
}

func TestExplainAndGraphShowEveryStep(t *testing.T) {
	t.Parallel()
	pipeline := file(t, "two.yaml", greet+"  - name: again\n    uses: passthrough\n    retry: {attempts: 3}\n")
	for _, c := range []struct {
		args  []string
		parts []string
	}{
		{[]string{"explain", pipeline}, []string{"greet", "again", "retry", "on: cow, ", "flatten", "off: none"}},
		{[]string{"explain", pipeline, "--json"}, []string{`"path":"again"`, `"layers":[{"name":"retry"`}},
		{[]string{"explain", pipeline, "--without", "all"}, []string{"on: none; off: codec, cow, "}},
		{[]string{"graph", pipeline}, []string{"flowchart TD", `s0["greet"]`, "s0 --> s1"}},
		{[]string{"graph", pipeline, "--format", "dot"}, []string{"digraph", "s0 -> s1"}},
		{[]string{"version"}, []string{"weir ", "go1."}},
		{[]string{"version", "--json"}, []string{`"version"`}},
		{[]string{}, []string{"Exit codes", "validate"}},
	} {
		got := weirRuns(t, "", c.args...)
		if got.code != 0 {
			t.Errorf("%v: %+v", c.args, got)
		}
		for _, part := range c.parts {
			if !strings.Contains(got.out, part) {
				t.Errorf("%v: %q is missing in\n%s", c.args, part, got.out)
			}
		}
	}
}

const waits = `version: 1
steps:
  - name: ask
    kind: human
    message: "publish {{ previous_step }}?"
    options: [now, later]
`

func TestARunThatWaitsWithoutATerminalExitsWith5AndSaysForWhat(t *testing.T) {
	t.Parallel()
	pipeline := file(t, "ask.yaml", waits)
	got := weirRuns(t, "", "run", pipeline, "--input-json", `"it"`)
	if got.code != exitPaused || got.out != "" || !strings.Contains(got.err, "publish it?") || !strings.Contains(got.err, "now, later") {
		t.Errorf("%+v", got)
	}
	got = weirRuns(t, "", "run", pipeline, "--input-json", `"it"`, "--json")
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	var end struct {
		Type    string
		Pending []struct{ Path, Question string }
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &end); err != nil || got.code != exitPaused || end.Type != "run.paused" || len(end.Pending) != 1 || end.Pending[0].Path != "ask" {
		t.Errorf("%v: %+v", err, got)
	}
}
