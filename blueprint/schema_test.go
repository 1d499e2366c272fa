package blueprint

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/weirtest"
)

// schema is the schema of blueprints, ready to judge.
func schema(t *testing.T, o Options) *jsonschema.Resolved {
	t.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal(Schema(o), &s); err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// accepted is what a schema says of a blueprint as an editor reads it; ok is false for one that is no YAML, or whose YAML has a
// mistake of its own, such as a key that stands twice.
func accepted(t *testing.T, s *jsonschema.Resolved, text []byte) (err error, ok bool) {
	t.Helper()
	p := &problems{source: newSource("in.yaml", text)}
	root := parse(p.source, p)
	if root == nil || len(p.found) > 0 {
		return nil, false
	}
	b, err := json.Marshal(root.plain())
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return s.Validate(v), true
}

// cases runs a test on every case of a folder.
func cases(t *testing.T, folder string, run func(t *testing.T, c *weirtest.Case)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			run(t, weirtest.ReadCase(t, path))
		})
	}
}

func TestTheSchemaAcceptsEveryBlueprintThatLoads(t *testing.T) {
	t.Parallel()
	s := schema(t, options())
	for _, folder := range []string{"tree", "run"} {
		cases(t, folder, func(t *testing.T, c *weirtest.Case) {
			if err, ok := accepted(t, s, []byte(c.Part("in.yaml"))); err != nil || !ok {
				t.Errorf("%v", err)
			}
		})
	}
	examples, err := filepath.Glob("../examples/*/*.yaml")
	if err != nil || len(examples) == 0 {
		t.Fatal("no examples", err)
	}
	started, err := filepath.Glob("../cmd/weir/template/*/*.yaml") // what weir init writes
	if err != nil || len(started) == 0 {
		t.Fatal("no templates", err)
	}
	for _, path := range append(examples, started...) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err, ok := accepted(t, s, text); err != nil || !ok {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestTheSchemaRefusesWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := schema(t, options())
	cases(t, "error", func(t *testing.T, c *weirtest.Case) {
		text := []byte(c.Part("in.yaml"))
		_, loaded := Load("in.yaml", text, options())
		err, ok := accepted(t, s, text)
		if ok && StageOf(loaded) == Read && err == nil && !strings.Contains(loaded.Error(), "out of range") {
			t.Errorf("it is accepted, though it cannot be read:\n%v", loaded)
		}
	})
}

func TestTheSchemaRefusesASingleMistakeAnywhere(t *testing.T) {
	t.Parallel()
	s := schema(t, options())
	for _, c := range []struct{ good, bad string }{
		{"version: 1", "version: 2"},
		{"version: 1", "verison: 1"},
		{"tokens: 5", "token: 5"},
		{"type: integer", "type: int"},
		{"reducer: sum", "reducer: mean"},
		{"max_retries: 2", "max_retry: 2"},
		{"max_retries: 2", "max_retries: two"},
		{"model: m", "modell: m"},
		{"kind: loop", "kind: lop"},
		{"kind: loop", "kind: map"},
		{"until: output", "untill: output"},
		{"max_loops: 3", "max_loops: many"},
		{"on_max: fail", "on_max: stop"},
		{"kind: parallel", "kind: step"},
		{"fail_fast: true", "fail_faster: true"},
		{"fail_fast: true", "fail_fast: 1"},
		{"format: json", "format: xml"},
		{"format: json", "pattern: x"},
		{"with: {path: a}", "with: {file: a}"},
		{"uses: http", "uses: htpp"},
		{"op: count", "opp: count"},
		{"timeout: 30s", "timeout: 30 seconds"},
		{"on: [timeout]", "on: [time_out]"},
		{"initial: 1s", "intial: 1s"},
		{"check: output", "chek: output"},
		{"- name: read", "- nam: read"},
		{"params: {limit: 3}", "params: {limits: 3}"},
		{"steps: [{name: deep", "stepps: [{name: deep"},
		{"name: deep, uses: to_json", "name: deep, usess: to_json"},
	} {
		if strings.Count(everything, c.good) != 1 {
			t.Fatalf("%q stands %d times in the blueprint", c.good, strings.Count(everything, c.good))
		}
		if err, _ := accepted(t, s, []byte(strings.Replace(everything, c.good, c.bad, 1))); err == nil {
			t.Errorf("%q for %q is accepted", c.bad, c.good)
		}
	}
	if err, ok := accepted(t, s, []byte(everything)); err != nil || !ok {
		t.Errorf("the blueprint itself: %v", err)
	}
}

const everything = `version: 1
name: all
limits: {tokens: 5}
context: {count: {type: integer, reducer: sum}, any: {}, maybe: {type: [string, null]}}
agents:
  writer: {model: m, system_prompt: Write.}
steps:
  - name: read
    uses: read_lines
    with: {path: a}
    timeout: 30s
    config: {max_retries: 2}
  - step: parsed
    agent: parse
    params: {format: json}
    retry: {attempts: 2, on: [timeout], backoff: {initial: 1s}}
    validate: [{name: good, check: output}]
  - {name: cut, agent: {id: select, params: {limit: 3}}}
  - {name: count, uses: aggregate, with: {metrics: [{name: n, op: count}]}}
  - {name: send, uses: http, with: {url: "https://example.com"}}
  - {name: ask, uses: agents.writer, fallback: {steps: [{name: deep, uses: to_json}]}}
  - name: again
    kind: loop
    loop: {max_loops: 3, until: output, on_max: fail, body: [{name: in, uses: "fn:load"}]}
  - name: both
    kind: parallel
    fail_fast: true
    branches: {a: {uses: passthrough}, b: [], 3: {name: c, input: 1}}
`

func TestTheSchemaIsTheSameEveryTimeAndSaysWhatKeysAreFor(t *testing.T) {
	t.Parallel()
	text := Schema(options())
	if !bytes.Equal(text, Schema(options())) {
		t.Error("two schemas differ")
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	loop := s.Defs["loop.Spec"]
	for name, ok := range map[string]bool{
		"the dialect":                     s.Schema == "https://json-schema.org/draft/2020-12/schema",
		"a description":                   strings.Contains(loop.Properties["max_loops"].Description, "most rounds"),
		"a default of a doc":              string(loop.Properties["on_max"].Default) == `"fail"`,
		"a default of a spec":             string(s.Defs["step.parallel"].Properties["merge_strategy"].Default) == `"context_update"`,
		"what is required":                len(loop.Required) == 1 && loop.Required[0] == "body",
		"no default of a kind's own mark": loop.Properties["max_loops"].Default == nil,
		"a kind's doc":                    s.Defs["step.parallel"].Properties["kind"].Description != "",
	} {
		if !ok {
			t.Errorf("%s is missing", name)
		}
	}
}

// ownSpec is a kind of a user's.
type ownSpec struct {
	Body  spec.Step     `weir:"body,required" doc:"What runs."`
	Waits time.Duration `weir:"waits" doc:"How long."`
	Sizes []uint        `weir:"sizes" doc:"How large."`
}

func (*ownSpec) Node() (plan.Node, error) { return &plan.Sequence{}, nil }

func TestTheSchemaKnowsKindsByTheirStructs(t *testing.T) {
	t.Parallel()
	o := options()
	o.Kinds = append(o.Kinds, spec.Kind{Name: "own", Aliases: []string{"mine"}, Doc: "Mine.", New: func() spec.Spec { return new(ownSpec) }})
	s := schema(t, o)
	for text, good := range map[string]bool{
		"kind: own, body: {uses: passthrough}, waits: 3, sizes: [1]": true,
		"kind: mine, body: []":                      true,
		"kind: own, body: {kind: own, body: []}":    true,
		"kind: own":                                 false,
		"kind: own, body: [], waits: long":          false,
		"kind: own, body: [], sizes: [-1]":          false,
		"kind: own, body: [], uses: passthrough":    false,
		"kind: own, body: {kind: own, bodies: []}":  false,
		"kind: step, uses: passthrough, sizes: [1]": false,
	} {
		if err, ok := accepted(t, s, []byte("version: 1\nsteps: [{name: a, "+text+"}]")); !ok || (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestEveryKeyOfASchemaIsDescribed(t *testing.T) {
	t.Parallel()
	var s jsonschema.Schema
	if err := json.Unmarshal(Schema(options()), &s); err != nil {
		t.Fatal(err)
	}
	for name, def := range s.Defs {
		for key, p := range def.Properties {
			if p.Description == "" {
				t.Errorf("%s: the key %s has no description", name, key)
			}
		}
	}
}
