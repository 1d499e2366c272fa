package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
)

// Convert judges a value that a program gives in Go and puts it into what into points to. The value may be
//
//   - of the target's type, or a pointer to it: it is taken over as it is. A value of the type that the schema was made of is
//     right as it stands and is not judged;
//   - a json.RawMessage or []byte: JSON text, as Decode reads it;
//   - a string: the text itself where the schema takes it, otherwise JSON text;
//   - a number of any type, json.Number, bool, nil, map[string]any, []any, and whatever else encoding/json can write.
//
// An *any gets plain values that share nothing with v, as Decode would give them of what encoding/json writes: a float64 that is
// whole and fits comes out as int64. The error is an *Error with all problems.
func (s *Schema) Convert(v, into any) error {
	taken, problems := s.take(v)
	if len(problems) > 0 {
		return &Error{Problems: problems}
	}
	return taken.into(into)
}

// take reads and judges a value that was given in Go.
func (s *Schema) take(given any) (value, []Problem) {
	v, err := s.written(given)
	if err != nil {
		return value{}, []Problem{newProblem("", err)}
	}
	if s.made(given) {
		return v, nil
	}
	problems := s.judge(&v)
	text, ok := given.(string)
	if !ok || len(problems) == 0 {
		return v, problems
	}
	inside, err := read([]byte(text))
	switch {
	case err == nil:
		return inside, s.judge(&inside)
	case strings.HasPrefix(strings.TrimSpace(text), "{"), strings.HasPrefix(strings.TrimSpace(text), "["):
		return v, []Problem{newProblem("", err)}
	}
	return v, problems
}

// made says that a value has the type that the schema was made of.
func (s *Schema) made(given any) bool {
	t := reflect.TypeOf(given)
	if s.of == nil || t == nil || s.of.Kind() == reflect.Interface {
		return false
	}
	if t.Kind() == reflect.Pointer && !reflect.ValueOf(given).IsNil() {
		t = t.Elem()
	}
	return t == s.of
}

// assign puts what was given over as it is where the types allow it.
func (v *value) assign(into any) bool {
	p := reflect.ValueOf(into)
	given := reflect.ValueOf(v.given)
	if !given.IsValid() || p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() == reflect.Interface {
		return false
	}
	target := p.Elem()
	if given.Type() != target.Type() && given.Kind() == reflect.Pointer && !given.IsNil() {
		given = given.Elem()
	}
	if given.Type() != target.Type() {
		return false
	}
	target.Set(given)
	return true
}

// written is a value as JSON holds it.
func (s *Schema) written(given any) (value, error) {
	if text, ok := given.(json.RawMessage); ok {
		return read(text)
	}
	if text, ok := given.([]byte); ok && !s.made(given) {
		return read(text)
	}
	v, err := plain(given, 0)
	return value{plain: v, given: given}, err
}

// plain is a value made of plain values only. What it holds is not shared with the given one.
func plain(given any, depth int) (any, error) {
	if depth > MaxDepth {
		return nil, fmt.Errorf("it nests deeper than %d", MaxDepth)
	}
	switch v := given.(type) {
	case nil, bool, string, int64:
		return v, nil
	case int:
		return int64(v), nil
	case json.Number:
		return number(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("the number %v has no JSON form", v)
		}
		if v == math.Trunc(v) && math.Abs(v) < 1<<63 {
			return int64(v), nil
		}
		return v, nil
	case []any:
		return plainList(v, depth)
	case map[string]any:
		return plainMap(v, depth)
	}
	return marshalled(given)
}

// number is a json.Number that somebody made: it may hold anything.
func number(n json.Number) (any, error) {
	if v, err := read([]byte(n)); err == nil {
		switch v.plain.(type) {
		case int64, float64:
			return v.plain, nil
		}
	}
	return nil, fmt.Errorf("%q is no number", excerpt(string(n), 40))
}

func plainList(given []any, depth int) (any, error) {
	if given == nil {
		return nil, nil
	}
	list := make([]any, len(given))
	for i, e := range given {
		var err error
		if list[i], err = plain(e, depth+1); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func plainMap(given map[string]any, depth int) (any, error) {
	if given == nil {
		return nil, nil
	}
	m := make(map[string]any, len(given))
	for k, e := range given {
		var err error
		if m[k], err = plain(e, depth+1); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// marshalled is the plain form of what only encoding/json can write.
func marshalled(given any) (any, error) {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(given); err != nil {
		return nil, fmt.Errorf("it has no JSON form: %w", err)
	}
	v, err := read(b.Bytes())
	return v.plain, err
}
