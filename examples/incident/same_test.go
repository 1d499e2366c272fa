package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/blueprint/builtin"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/step/kinds"
	"github.com/weirflow/weir/weirtest"
)

// scripts are models for the pipelines: none, and one that has to refine what it wrote.
func scripts(answers ...string) map[string]func(t *testing.T) model.Model {
	return map[string]func(t *testing.T) model.Model{
		"without a model": func(*testing.T) model.Model { return model.Func(none) },
		"with a model":    func(t *testing.T) model.Model { return modeltest.Script(t, answers...) },
	}
}

func TestB152TheIncidentIsTheSameWithoutAnyOptimisation(t *testing.T) {
	folder := t.TempDir()
	log := filepath.Join(folder, "a.log")
	if err := os.WriteFile(log, []byte(awkward()), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	b, err := blueprint.LoadFile("pipeline.yaml", blueprint.Options{Kinds: kinds.All(), Builtins: builtin.Env{Root: root}})
	if err != nil {
		t.Fatal(err)
	}
	named := `{"title":"/big is down","severity":"critical","summary":"Requests to /big failed between 11:00 and 11:05 UTC.","actions":["Find the change."]}`
	for name, m := range scripts(vague, named) {
		same(t, "YAML "+name, any(awkward()), func() (weir.Step[any, any], *weir.Config) {
			return weir.Dynamic(b.Step), &weir.Config{State: b.State, Limits: b.Limits, Without: b.Without, Models: models{m(t)}}
		})
	}
	named = `{"title":"/big is down","summary":"/big failed from 11:00 to 11:05.","actions":["Find the change."]}`
	for name, m := range scripts(`{"title":"Failures","summary":"A path failed.","actions":[]}`, named) {
		same(t, "Go "+name, log, func() (weir.Step[string, Report], *weir.Config) { return pipeline(folder, m(t)), nil })
	}
}

// same tests that the outcome of a pipeline depends neither on an optimisation nor on the number of threads.
func same[I, O any](t *testing.T, name string, in I, create func() (weir.Step[I, O], *weir.Config)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		procs := func(n int) string {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
			return weirtest.SameWithout(t, in, create)
		}
		if one, eight := procs(1), procs(8); one != eight {
			t.Errorf("with one thread\n%s\nwith 8\n%s", one, eight)
		}
	})
}
