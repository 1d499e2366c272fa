package schema

import "encoding/json"

// Check judges a value given in Go, as Convert reads it, and gives everything that is wrong with it, at most MaxProblems+1
// problems, in the same order each time. None: it matches.
func (s *Schema) Check(v any) []Problem {
	_, problems := s.take(v)
	return problems
}

// Decode judges a JSON text and decodes it into what into points to, as encoding/json does; an *any gets plain values. The
// text may be MaxLength bytes long and nest MaxDepth deep. Whole numbers keep all their digits, and 1.0 is taken for a whole
// number, as JSON Schema does. The error is an *Error with all problems.
func (s *Schema) Decode(text []byte, into any) error {
	v, err := read(text)
	if err != nil {
		return &Error{Problems: []Problem{newProblem("", err)}}
	}
	if problems := s.judge(&v); len(problems) > 0 {
		return &Error{Problems: problems}
	}
	return v.into(into)
}

// judge judges a value, and takes it out of its wrapping if the schema wraps.
func (s *Schema) judge(v *value) []Problem {
	err := s.whole.Validate(v.plain)
	switch {
	case err == nil && s.inner == nil:
		return nil
	case err == nil:
		return v.unwrap()
	case s.inner != nil && s.inner.Validate(v.plain) == nil: // the wrapping was left away
		return nil
	}
	problems := s.parts().problems("", v.plain, nil)
	if len(problems) == 0 { // what only the whole shows
		problems = []Problem{newProblem("", trimmed(err))}
	}
	return problems
}

// unwrap takes the value out of its wrapping.
func (v *value) unwrap() []Problem {
	outer, _ := v.plain.(map[string]any)
	v.plain, v.given = outer[ValueKey], nil
	if v.raw == nil {
		return nil
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(v.raw, &raw); err != nil {
		return []Problem{newProblem("", err)}
	}
	v.raw = raw[ValueKey]
	return nil
}
