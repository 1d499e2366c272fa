package schema_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

type verdict struct {
	Passed bool           `json:"passed"`
	Score  int            `json:"score"`
	Notes  []string       `json:"notes,omitempty"`
	Marks  map[string]int `json:"marks"`
	secret int
}

func TestAGivenValueBecomesTheGoType(t *testing.T) {
	t.Parallel()
	s := made[verdict](t)
	want := verdict{Passed: true, Score: 3, Marks: map[string]int{"a": 1}}
	for name, given := range map[string]any{
		"its type":        want,
		"a pointer to it": &want,
		"a map":           map[string]any{"passed": true, "score": 3.0, "marks": map[string]any{"a": uint8(1)}},
		"a typed map":     map[string]any{"passed": true, "score": json.Number("3"), "marks": map[string]int{"a": 1}},
		"another struct": struct {
			Passed bool           `json:"passed"`
			Score  float32        `json:"score"`
			Marks  map[string]int `json:"marks"`
		}{true, 3, map[string]int{"a": 1}},
		"JSON":          json.RawMessage(`{"passed":true,"score":3.0,"marks":{"a":1}}`),
		"JSON bytes":    []byte(`{"passed":true,"score":3,"marks":{"a":1}}`),
		"a JSON string": ` {"passed":true,"score":3,"marks":{"a":1}}`,
	} {
		var got verdict
		if err := s.Convert(given, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, err = %v", name, got, err)
		}
	}
}

func TestAValueOfTheTypeItselfIsTakenOver(t *testing.T) {
	t.Parallel()
	s := made[verdict](t)
	given := verdict{secret: 7} // a nil map is null in JSON, which the schema of a map does not take
	var got verdict
	var p *verdict
	if err := s.Convert(given, &got); err != nil || got.secret != 7 {
		t.Errorf("%+v, err = %v", got, err)
	}
	if err := s.Convert(&given, &p); err != nil || p != &given {
		t.Errorf("%p, err = %v", p, err)
	}
	if err := s.Convert(verdict{}, nil); err == nil {
		t.Error("a value goes nowhere without an error")
	}
	strict := parsed(t, `{"type":"object","properties":{"score":{"minimum":1}}}`)
	if err := strict.Convert(verdict{}, &got); len(problems(t, err)) != 1 {
		t.Errorf("a written schema does not judge a Go value: %v", err)
	}
	when := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	var at time.Time
	if err := made[time.Time](t).Convert(when, &at); err != nil || !at.Equal(when) {
		t.Errorf("%v, err = %v", at, err)
	}
}

func TestAGivenValueBecomesPlain(t *testing.T) {
	t.Parallel()
	inner := map[string]any{"a": []any{1}}
	for name, c := range map[string]struct {
		schema      string
		given, want any
	}{
		"int":             {`{}`, 7, int64(7)},
		"uint":            {`{}`, uint16(7), int64(7)},
		"large uint":      {`{}`, uint64(math.MaxUint64), float64(math.MaxUint64)},
		"float32":         {`{}`, float32(0.1), 0.1},
		"float":           {`{}`, 1.5, 1.5},
		"whole float":     {`{"type":"integer"}`, 2.0, int64(2)},
		"far float":       {`{}`, 1e300, 1e300},
		"json.Number":     {`{"type":"number"}`, json.Number("9007199254740993"), int64(9007199254740993)},
		"nil":             {`{}`, nil, nil},
		"bool":            {`{"type":"boolean"}`, true, true},
		"text":            {`{"type":"string"}`, "yes", "yes"},
		"text like JSON":  {`{"type":"string"}`, `{"a":1}`, `{"a":1}`},
		"any text":        {`{}`, "3", "3"},
		"quoted text":     {`{"enum":["yes","no"]}`, `"yes"`, "yes"},
		"number in text":  {`{"type":"integer"}`, " 3 ", int64(3)},
		"JSON":            {`{"type":"boolean"}`, json.RawMessage(`true`), true},
		"list of strings": {`{"type":"array"}`, []string{"a"}, []any{"a"}},
		"struct":          {`{"type":"object"}`, struct{ A int }{1}, map[string]any{"A": int64(1)}},
		"nested":          {`{"type":"object"}`, inner, map[string]any{"a": []any{int64(1)}}},
		"time":            {`{"type":"string"}`, time.Unix(0, 0).UTC(), "1970-01-01T00:00:00Z"},
		"nil pointer":     {`{"type":"null"}`, (*int)(nil), nil},
		"nil map":         {`{"type":"null"}`, map[string]any(nil), nil},
		"nil list":        {`{"type":"null"}`, []any(nil), nil},
	} {
		var got any
		if err := parsed(t, c.schema).Convert(c.given, &got); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %#v, err = %v; want %#v", name, got, err, c.want)
		}
	}
	if inner["a"].([]any)[0] != 1 {
		t.Error("the given value was changed")
	}
}

func TestWhatIsWrongWithAGivenValueIsToldAtOnce(t *testing.T) {
	t.Parallel()
	s := made[verdict](t)
	round := map[string]any{}
	round["me"] = round
	for name, c := range map[string]struct {
		given any
		want  []string
	}{
		"a map":          {map[string]any{"passed": "x", "score": 1.5, "notes": []string{"a"}}, []string{"the value: required", "passed: type", "score: type"}},
		"JSON text":      {`{"passed":1,"marks":{"a":"b"}}`, []string{"the value: required", "marks.a: type", "passed: type"}},
		"broken JSON":    {` {"passed":`, []string{"the value: it is not JSON"}},
		"broken bytes":   {[]byte(`{"passed":`), []string{"the value: it is not JSON"}},
		"a text":         {"yes", []string{"the value: type"}},
		"nil":            {nil, []string{"the value: type"}},
		"a nil pointer":  {(*verdict)(nil), []string{"the value: type"}},
		"a channel":      {make(chan int), []string{"the value: it has no JSON form"}},
		"no number":      {math.NaN(), []string{"the value: the number NaN"}},
		"no json.Number": {json.Number("[1]"), []string{`the value: "[1]" is no number`}},
		"a circle":       {round, []string{"the value: it nests deeper"}},
		"too much":       {[]string{strings.Repeat("x", 2<<20)}, []string{"the value: it is longer"}},
		"too many":       {map[string]any{"passed": true, "score": 1e30, "marks": map[string]any{}}, []string{"the value: json: "}},
	} {
		got := problems(t, s.Convert(c.given, new(verdict)))
		if len(got) != len(c.want) {
			t.Errorf("%s: problems %q, want %q", name, got, c.want)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], c.want[i]) {
				t.Errorf("%s: problem %q, want %q", name, got[i], c.want[i])
			}
		}
	}
}
