package agent

import (
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"
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
	structured, err := inferSchema(reflect.TypeFor[grade]())
	if err != nil {
		f.Fatal(err)
	}
	wrapped, err := inferSchema(reflect.TypeFor[[]grade]())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []*schema{structured, wrapped} {
			out, problems := s.judge(text, untyped)
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
			if err := structured.whole.Validate(out); s == structured && err != nil {
				t.Errorf("%v passed: %v", out, err)
			}
		}
	})
}

func FuzzParseSchema(f *testing.F) {
	for _, raw := range []string{
		`{"type":"object","properties":{"a":{"$ref":"#/$defs/b"}},"$defs":{"b":{"enum":[1,null]}}}`,
		`{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}`, `{"$ref":"#"}`, `{"allOf":[{"$ref":"#/allOf/0"}]}`,
		`{"type":["object",7]}`, `{"type":"array","prefixItems":[true,false],"contains":{},"minContains":-1}`,
		`{"multipleOf":0}`, `{"const":null,"$ref":"#/$defs/~1","$defs":{"/":{}}}`, `{"patternProperties":{"(":{}}}`, `true`,
		`{"properties":{"a":null}}`, `{"required":[1]}`, `{"unevaluatedProperties":false,"if":{"type":"object"},"then":{"minProperties":1}}`,
	} {
		f.Add(raw, `{"a":1,"value":[1,"x",{}]}`)
	}
	f.Fuzz(func(t *testing.T, raw, text string) {
		s, err := parseSchema(json.RawMessage(raw), true)
		if (s == nil) == (err == nil) {
			t.Fatalf("schema %v and error %v", s, err)
		}
		if err == nil {
			s.judge(text, untyped)
		}
	})
}
