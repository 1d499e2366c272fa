package schema_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/schema"
)

// parsed reads a schema that has no mistakes.
func parsed(t *testing.T, raw string) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(json.RawMessage(raw))
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return s
}

// made infers a schema.
func made[T any](t *testing.T) *schema.Schema {
	t.Helper()
	s, err := schema.For[T]()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// problems are those of an error of Decode or Convert.
func problems(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*schema.Error](err)
	if !ok || !errors.Is(err, plan.ErrValidation) || plan.CodeOf(err) != plan.CodeValidation {
		t.Fatalf("err = %v (%T)", err, err)
	}
	var all []string
	for _, p := range e.Problems {
		all = append(all, p.String())
	}
	return all
}

func TestEveryProblemIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	s := parsed(t, `{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://example.com/x","type":"object",
		"properties":{
			"items":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/item"}},
			"kind":{"oneOf":[{"const":"a"},{"const":null}]},
			"pair":{"prefixItems":[{"type":"integer"},{"type":"string"}],"items":false},
			"$ref":{"type":"integer"},
			"code":{"$ref":"#/$defs/code","description":"the code","maxLength":3}},
		"additionalProperties":{"type":"boolean"},"required":["items"],
		"$defs":{"item":{"type":"object","properties":{"n":{"$ref":"#/$defs/n~1m"}},"required":["n"]},
			"n/m":{"type":"integer","minimum":1},"code":{"type":"string","pattern":"^[A-Z]+$"}}}`)
	for text, want := range map[string][]string{
		`{"items":[{"n":1}],"kind":null,"pair":[1,"x"],"$ref":1,"code":"ABC","more":true}`: nil,
		`{"items":[{"n":0},{"n":"x"},{}],"code":"abcd"}`:                                   {"code: ", "items[0].n: minimum", "items[1].n: type", "items[2]: required"},
		`{"kind":"b","pair":["x",1,2],"$ref":"x","more":1}`: {
			"the value: required", "$ref: type", "kind: oneOf", "more: type", "pair[0]: type", "pair[1]: type", "pair[2]: "},
		`{"items":[],"pair":7}`: {"items: minItems"},
		`[]`:                    {"the value: type"},
	} {
		var out any
		got := problems(t, s.Decode([]byte(text), &out))
		if len(got) != len(want) {
			t.Errorf("%s: problems %q, want %q", text, got, want)
			continue
		}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("%s: problem %q, want %q", text, got[i], want[i])
			}
		}
		if given := s.Check(out); want == nil && len(given) > 0 {
			t.Errorf("%s decoded does not pass: %v", text, given)
		}
	}
}

func TestProblemsHaveTheSameOrderEachTime(t *testing.T) {
	t.Parallel()
	s := parsed(t, `{"type":"object","additionalProperties":{"type":"integer"}}`)
	first := s.Check(map[string]any{"d": "", "a": "", "c": "", "b": ""})
	for range 20 {
		if again := s.Check(map[string]any{"b": "", "c": "", "a": "", "d": ""}); len(again) != 4 || !reflect.DeepEqual(again, first) {
			t.Fatalf("once %v\nand once %v", first, again)
		}
	}
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	s := parsed(t, `{"type":"array","items":{"type":"integer"}}`)
	text := `["` + strings.Repeat("x", 100_000) + `"` + strings.Repeat(`,"y"`, 500) + `]`
	err := s.Decode([]byte(text), new(any))
	if got := problems(t, err); len(got) != schema.MaxProblems+1 || len(err.Error()) > 310*(schema.MaxProblems+1) || !strings.HasSuffix(err.Error(), "and 1 more") {
		t.Errorf("%d problems, %d bytes: %.200s", len(got), len(err.Error()), err)
	}
	if p := (schema.Problem{Place: "items[2].name", Text: "too long"}); p.In("the answer") != "items[2].name: too long" {
		t.Errorf("%s", p.In("the answer"))
	}
}

func TestTextsFromOutsideAreBounded(t *testing.T) {
	t.Parallel()
	s := parsed(t, `{}`)
	for part, text := range map[string]string{
		"longer than 1024 KiB":    `"` + strings.Repeat("x", 2<<20) + `"`,
		"nests deeper than 100":   strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"the value: it is not JS": `{"a":`,
		"behind the JSON value":   `{} {}`,
		"is too large":            `[1e999]`,
		"not JSON: EOF":           ``,
	} {
		if err := s.Decode([]byte(text), new(any)); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("err = %.200v, want one that says %q", err, part)
		}
	}
	if err := s.Decode([]byte(`"\"`+strings.Repeat("[", 200)+`"`), new(any)); err != nil {
		t.Errorf("brackets inside a text are taken for depth: %v", err)
	}
}

func TestSchemasThatCannotBeCheckedAreRefused(t *testing.T) {
	t.Parallel()
	var wide strings.Builder
	wide.WriteString(`{"type":"object","properties":{"a":{"$ref":"#/$defs/d0"}},"$defs":{`)
	for i := range 11 { // each doubles the one before it
		next := `{"$ref":"#/$defs/d` + string(rune('1'+i)) + `"}`
		wide.WriteString(`"d` + string(rune('0'+i)) + `":{"allOf":[` + next + `,` + next + `]},`)
	}
	wide.WriteString(`"d;":{"type":"string"}}}`)
	for part, text := range map[string]string{
		"recursive":            `{"type":"object","properties":{"next":{"$ref":"#"}}}`,
		"holds itself":         `{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}`,
		"more than 2000":       wide.String(),
		"leads out":            `{"$ref":"https://example.com/schema.json"}`,
		"names nothing":        `{"$ref":"#/$defs/none"}`,
		"#/$defs/a%":           `{"$ref":"#/$defs/a%"}`,
		"$dynamicRef":          `{"type":"object","properties":{"a":{"$dynamicRef":"#x"}}}`,
		"prefixItems":          `{"type":"array","items":[{"type":"string"}]}`,
		"must be a list":       `{"allOf":{}}`,
		"must be a map":        `{"type":"object","properties":[]}`,
		"is not a schema":      `{"type":"object","properties":{"a":7}}`,
		"must be an object":    `[]`,
		"not JSON":             `{"type":`,
		"behind the JSON":      `{"type":"object"} {}`,
		"nests deeper":         strings.Repeat(`{"not":`, 200) + `{}` + strings.Repeat(`}`, 200),
		"too long":             `{"description":"` + strings.Repeat("x", 300<<10) + `"}`,
		"error parsing regexp": `{"type":"object","properties":{"a":{"pattern":"("}}}`,
		"into an int":          `{"type":"object","properties":{"a":{"minLength":"x"}}}`,
		"7":                    `{"$ref":7}`,
	} {
		s, err := schema.Parse(json.RawMessage(text))
		if s != nil || plan.CodeOf(err) != plan.CodeConfig || !strings.Contains(err.Error(), part) {
			t.Errorf("%.80s: err = %.300v, want one that says %q", text, err, part)
		}
	}
}

func TestTypesThatHaveNoSchemaAreRefused(t *testing.T) {
	t.Parallel()
	type list struct{ Next *list }
	for _, typ := range []reflect.Type{reflect.TypeFor[list](), reflect.TypeFor[chan int](), reflect.TypeFor[map[bool]int]()} {
		s, err := schema.Of(typ)
		if s != nil || plan.CodeOf(err) != plan.CodeConfig || !strings.Contains(err.Error(), typ.String()) {
			t.Errorf("%v: err = %v", typ, err)
		}
	}
}

func TestReferencesAreUnfolded(t *testing.T) {
	t.Parallel()
	s := parsed(t, `{"properties":{"n":{"$ref":"#/$defs/n","description":"how many"}},"$defs":{"n":{"type":"integer"}}}`)
	var got, want any
	_ = json.Unmarshal(s.JSON(), &got)
	_ = json.Unmarshal([]byte(`{"type":"object","properties":{"n":{"type":"integer","description":"how many"}}}`), &want)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the schema is %s", s.JSON())
	}
	s.JSON()[0] = 'x'
	if !json.Valid(s.JSON()) {
		t.Error("who writes into what JSON gave changes the schema")
	}
}

func TestPlainTextIsAStringAndNothingMore(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		`{"type":"string"}`:                      true,
		`{"type":"string","description":"a"}`:    true,
		`{"type":"string","enum":["a"]}`:         false,
		`{"type":"string","minLength":1}`:        false,
		`{}`:                                     false,
		`{"type":["string"]}`:                    false,
		`{"type":"object"}`:                      false,
		`{"$ref":"#/$defs/a","$defs":{"a":{}}}`:  false,
		`{"type":"string","$comment":"nothing"}`: true,
	} {
		if got := parsed(t, raw).PlainText(); got != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
	if !made[string](t).PlainText() || made[int](t).PlainText() {
		t.Error("only the schema of a Go string asks for plain text")
	}
}

func TestWrappedValuesComeOutBare(t *testing.T) {
	t.Parallel()
	w, err := parsed(t, `{"type":"array","items":{"type":"integer"}}`).Wrapped()
	if err != nil || !strings.Contains(string(w.JSON()), `"value"`) {
		t.Fatalf("%v, err = %v", w, err)
	}
	for _, text := range []string{`{"value":[1,2]}`, `[1,2]`} {
		var list []int
		var plain any
		if err := errors.Join(w.Decode([]byte(text), &list), w.Decode([]byte(text), &plain)); err != nil {
			t.Error(err)
		}
		if !reflect.DeepEqual(list, []int{1, 2}) || !reflect.DeepEqual(plain, []any{int64(1), int64(2)}) {
			t.Errorf("%s gives %v and %v", text, list, plain)
		}
	}
	if err := w.Decode([]byte(`{"value":["x"]}`), new(any)); err == nil || !strings.HasPrefix(err.Error(), "value[0]: ") {
		t.Errorf("err = %v", err)
	}
	var list any
	if err := w.Convert(map[string]any{"value": []any{1}}, &list); err != nil || !reflect.DeepEqual(list, []any{int64(1)}) {
		t.Errorf("given wrapped: %v, err = %v", list, err)
	}
	if again, err := w.Wrapped(); again != w || err != nil {
		t.Error("a wrapped schema is wrapped again")
	}
	object := made[map[string]int](t)
	if again, _ := object.Wrapped(); again != object {
		t.Error("an object is wrapped")
	}
}
