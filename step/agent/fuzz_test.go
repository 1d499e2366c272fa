package agent

import (
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/weirflow/weir/schema"
)

// grade is an output with every sort of part.
type grade struct {
	Title string            `json:"title"`
	Items []map[string]int8 `json:"items"`
	Inner *struct {
		F float64 `json:"f"`
	} `json:"inner,omitempty"`
}

func FuzzJudge(f *testing.F) {
	for _, text := range []string{
		`{"title":"x","items":[{"a":1}]}`, "```json\n{\"title\":1}\n```", `so: {"title":"x","items":null,"inner":{"f":1e5}} ok`,
		`[[[[`, "``` ``` ```", `{"items":[{"a":300}]}`, `{"value":{}}`, "\xff{", `{"title":"\ud800","items":[]}`, `1e999`,
	} {
		f.Add(text)
	}
	structured, err := inferred(reflect.TypeFor[grade]())
	if err != nil {
		f.Fatal(err)
	}
	wrapped, err := inferred(reflect.TypeFor[[]grade]())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []*schema.Schema{structured, wrapped} {
			out, problems := (&output{schema: s, decode: untyped}).judge(text)
			if len(problems) > 0 {
				if out != nil || len(problems) > maxProblems+2 {
					t.Errorf("output %v and %d problems", out, len(problems))
				}
				for _, p := range problems {
					if len(p) > maxProblem+len("…") || utf8.ValidString(text) && !utf8.ValidString(p) {
						t.Errorf("problem of %d bytes: %q", len(p), p)
					}
				}
				continue
			}
			if wrong := structured.Check(out); s == structured && len(wrong) > 0 {
				t.Errorf("%v passed: %v", out, wrong)
			}
		}
	})
}
