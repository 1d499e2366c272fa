package blueprint

import (
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

// compiled loads a blueprint whose context declares a few keys and whose steps are two branches with these keys, and
// compiles it.
func compiled(t *testing.T, keys, a, b string) error {
	t.Helper()
	text := `version: 1
context:
  word: {type: string}
  total: {type: integer, reducer: sum}
  found: {type: array}
  report: {type: object}
steps:
  - name: both
    kind: parallel
` + keys + `
    branches:
      a: {uses: fn:double, ` + a + `}
      b: [{name: first, uses: fn:double}, {name: second, uses: fn:double, ` + b + `}]
`
	bp, err := Load("in.yaml", []byte(text), Options{Kinds: options().Kinds, Funcs: workingFuncs()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = weir.Compile(weir.Dynamic(bp.Step), &weir.Config{State: bp.State})
	return err
}

func TestBranchesThatWriteOneKeyAreFoundWhenABlueprintIsCompiled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys, a, b string
		want       string // empty: it compiles
	}{
		"a declared key": {"", "sink_to: word", "sink_to: word",
			`weir: compile: in.yaml:8:5: both: the branches "a" and "b" both write the state key "word" (both/a, both/b/second): give the key to one of them with a field mapping, or declare a reducer for it`},
		"a key by output_keys": {"", "output_keys: word", "output_keys: [word]",
			`weir: compile: in.yaml:8:5: both: the branches "a" and "b" both write the state key "word" (both/a, both/b/second): give the key to one of them with a field mapping, or declare a reducer for it`},
		"a place in a map": {"", "sink_to: report.a", "sink_to: report.a",
			`weir: compile: in.yaml:8:5: both: the branches "a" and "b" both write the state key "report.a" (both/a, both/b/second): give the key to one of them with a field mapping, or declare a reducer for it`},
		"two places in a map": {"", "sink_to: report.a", "sink_to: report.b", ""},
		"a map":               {"", "sink_to: report", "sink_to: report", ""},
		"a list":              {"", "sink_to: found", "sink_to: found", ""},
		"a key with reducer":  {"", "sink_to: total", "sink_to: total", ""},
		"a mapped key":        {"    field_mapping: {a: [word], b: [total]}", "sink_to: word", "sink_to: word", ""},
		"another strategy":    {"    merge_strategy: keep_first", "sink_to: word", "sink_to: word", ""},
		"the first to end":    {"    wait: any", "sink_to: word", "sink_to: word", ""},
		"the strict strategy": {"    merge_strategy: error_on_conflict", "sink_to: total", "sink_to: total",
			`weir: compile: in.yaml:8:5: both: the branches "a" and "b" both write the state key "total" (both/a, both/b/second): give the key to one of them with a field mapping, or use the strategy context_update and a reducer for it`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := compiled(t, c.keys, c.a, c.b)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != c.want || err != nil && plan.CodeOf(err) != plan.CodeConflict {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
