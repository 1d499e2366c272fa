package schema_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/weirflow/weir/schema"
)

func FuzzParse(f *testing.F) {
	for _, raw := range []string{
		`{"type":"object","properties":{"a":{"$ref":"#/$defs/b"}},"$defs":{"b":{"enum":[1,null]}}}`,
		`{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}`, `{"$ref":"#"}`, `{"allOf":[{"$ref":"#/allOf/0"}]}`,
		`{"type":["object",7]}`, `{"type":"array","prefixItems":[true,false],"contains":{},"minContains":-1}`,
		`{"multipleOf":0}`, `{"const":null,"$ref":"#/$defs/~1","$defs":{"/":{}}}`, `{"patternProperties":{"(":{}}}`, `true`,
		`{"properties":{"a":null}}`, `{"required":[1]}`, `{"unevaluatedProperties":false,"if":{"type":"object"},"then":{"minProperties":1}}`,
	} {
		f.Add(raw, `{"a":1,"value":[1,"x",{}]}`)
	}
	f.Add(`{"type":"string","minLength":2}`, "\"\xff\"")
	f.Add(`{"type":"number"}`, `1e400`)
	f.Fuzz(func(t *testing.T, raw, text string) {
		s, err := schema.Parse(json.RawMessage(raw))
		if (s == nil) == (err == nil) {
			t.Fatalf("schema %v and error %v", s, err)
		}
		if err != nil {
			return
		}
		w, err := s.Wrapped()
		if err != nil {
			t.Fatalf("%s cannot be wrapped: %v", raw, err)
		}
		for _, s := range []*schema.Schema{s, w} {
			var out, again any
			if err := s.Decode([]byte(text), &out); err != nil {
				bounded(t, err)
				continue
			}
			if err := s.Convert(json.RawMessage(text), &again); err != nil || !reflect.DeepEqual(out, again) {
				t.Errorf("Decode gives %v, Convert %v, %v", out, again, err)
			}
		}
		_ = s.Convert(text, new(any))
	})
}

// bounded checks that an error is short whatever stood in the text.
func bounded(t *testing.T, err error) {
	t.Helper()
	e, ok := err.(*schema.Error)
	if !ok || len(e.Problems) == 0 || len(e.Problems) > schema.MaxProblems+1 {
		t.Fatalf("err = %#v", err)
	}
	for _, p := range e.Problems {
		if len(p.String()) > 300+len("…") || !utf8.ValidString(p.Text) && utf8.ValidString(p.Place) {
			t.Errorf("problem of %d bytes: %q", len(p.String()), p)
		}
	}
}
