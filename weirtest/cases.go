package weirtest

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
)

// Load makes the pipeline of a case, and its Config, which may be nil: of the part that holds a blueprint, for instance. It may be
// called several times for one case.
type Load func(t testing.TB, c *Case) (weir.Step[any, any], *weir.Config, error)

// Cases runs every file *.txt of a folder as a subtest of its own (see Case). Given are
//
//	input     what the pipeline is run on, as JSON; none: null
//	answer    what a model says; one part for each answer, in order. With it, every name in Config.Models is this model
//	replies   what people answer: a line a request, its path, a colon and the answer as JSON; the run waits for others
//
// and whatever else load reads. These parts must hold, as far as they are there:
//
//	error     the error of load, or of Compile
//	tree      the steps as written; see Tree
//	explain   what the plan does; see Explain
//	output    the answer as JSON, or "fails: " and the error of the run, or "waits: " and what is asked
//	trace     what happened, step by step; see Render
//	state     the state at the end, as JSON
//
// With the flag -update (see Update) they are written instead, and a file that has none of them gets an output.
//
// The loader of blueprints, in full:
//
//	func load(t testing.TB, c *weirtest.Case) (weir.Step[any, any], *weir.Config, error) {
//		b, err := blueprint.Load(c.Name, []byte(c.Part("in.yaml")), blueprint.Options{Kinds: kinds.All()})
//		if err != nil {
//			return weir.Step[any, any]{}, nil, err
//		}
//		return weir.Dynamic(b.Step), &weir.Config{State: b.State, Limits: b.Limits, Without: b.Without}, nil
//	}
func Cases(t *testing.T, folder string, load Load) {
	t.Helper()
	for _, path := range caseFiles(t, folder) {
		c := ReadCase(t, path)
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.run(t, load)
		})
	}
}

// SameCases runs every case of a folder that Cases runs to an end, and tests that its outcome stays the same; see SameWithout.
// Cases with a part error or without a part output or trace, and those that end waiting, are left out, and those for which load skips the test. The outcomes are returned by the cases' names.
func SameCases(t *testing.T, folder string, load Load) map[string]string {
	t.Helper()
	outcomes := map[string]string{}
	for _, path := range caseFiles(t, folder) {
		c := ReadCase(t, path)
		if c.Has("error") || !c.Has("output") && !c.Has("trace") || strings.HasPrefix(c.Part("output"), "waits: ") {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			outcomes[c.Name] = SameWithout(t, c.input(t), func() (weir.Step[any, any], *weir.Config) {
				s, config, err := load(t, c)
				if err != nil {
					t.Fatal(err)
				}
				return s, c.config(t, config)
			}, c.options(t)...)
		})
	}
	return outcomes
}

// caseFiles are the files of a folder; none is a mistake, since such a test would always pass.
func caseFiles(t *testing.T, folder string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no cases *.txt in %s; %v", folder, err)
	}
	return paths
}

// run is one case.
func (c *Case) run(t *testing.T, load Load) {
	s, config, err := load(t, c)
	var p *weir.Plan[any, any]
	if err == nil {
		p, err = weir.Compile(s, c.config(t, config))
	}
	switch {
	case err != nil && (c.Has("error") || updating()):
		c.Want(t, "error", err.Error())
		return
	case err != nil:
		t.Fatalf("the case does not load: %v", err)
	case c.Has("error"):
		c.Want(t, "error", "it loads and compiles:\n"+Tree(s.Written()))
		return
	}
	if c.Has("tree") {
		c.Want(t, "tree", Tree(s.Written()))
	}
	if c.Has("explain") {
		c.Want(t, "explain", Explain(p.Program()))
	}
	runs := c.Has("output") || c.Has("trace") || c.Has("state")
	if !runs && (c.Has("tree") || c.Has("explain")) {
		return
	}
	if !runs && !updating() {
		t.Fatal("no part of the case says what must come out; with -update an output is written")
	}
	r, err := p.Execute(t.Context(), c.input(t), c.options(t)...)
	if c.Has("output") || !runs {
		c.Want(t, "output", ending(t, r, err))
	}
	if c.Has("trace") {
		c.Want(t, "trace", Render(r, err))
	}
	if c.Has("state") {
		c.Want(t, "state", indented(t, r.State))
	}
}

// ending is how a run ended.
func ending(t testing.TB, r *weir.Result[any], err error) string {
	switch {
	case err != nil:
		return "fails: " + err.Error()
	case r.Status == weir.Paused:
		return waiting(r.Pending)
	}
	return indented(t, r.Output)
}

// input reads the part input. Whole numbers are int64.
func (c *Case) input(t testing.TB) any {
	if !c.Has("input") {
		return nil
	}
	var in any
	d := json.NewDecoder(strings.NewReader(c.Part("input")))
	d.UseNumber()
	if err := d.Decode(&in); err != nil {
		t.Fatalf("the part input is not JSON: %v", err)
	}
	return numbers(in)
}

// numbers replaces each json.Number of a decoded value.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k])
		}
	}
	return v
}

// config is that of the case with its model.
func (c *Case) config(t testing.TB, given *weir.Config) *weir.Config {
	config := &weir.Config{}
	if given != nil {
		*config = *given
	}
	if c.Has("answer") {
		var replies []string
		for _, text := range c.Parts("answer") {
			replies = append(replies, strings.TrimSuffix(text, "\n"))
		}
		config.Models = only{modeltest.Script(t, replies...)}
	}
	return config
}

// only gives one model whatever name is asked for.
type only struct{ model model.Model }

func (o only) Model(string) (model.Model, error) { return o.model, nil }

// indented is a value as JSON for readers.
func indented(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatalf("it cannot be written as JSON: %v", err)
	}
	return b.String()
}
