package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

const (
	// maxAnswer is how long a structured answer may be, 1 MiB: far more than models write, and little enough to check.
	maxAnswer = 1 << 20
	// maxDepth is how deep it may nest.
	maxDepth = 100
)

// answer is one JSON value that a model wrote, or its text.
type answer struct {
	raw   []byte
	value any
	text  bool
}

// parseAnswer reads a JSON value. Whole numbers that fit become int64, all others float64.
func parseAnswer(raw []byte) (answer, error) {
	if err := checkDepth(raw); err != nil {
		return answer{}, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return answer{}, fmt.Errorf("it is not JSON: %w", err)
	}
	v, err := plainNumbers(v)
	if err != nil {
		return answer{}, err
	}
	return answer{raw: raw, value: v}, nil
}

// unwrap takes the value out of its wrapping.
func (a *answer) unwrap() []string {
	var outer map[string]json.RawMessage
	if err := json.Unmarshal(a.raw, &outer); err != nil {
		return []string{problem("", err)}
	}
	inner, _ := a.value.(map[string]any)
	a.raw, a.value = outer[valueKey], inner[valueKey]
	return nil
}

// into decodes the answer into what p points to. Where 1.0 stands for a whole number, which JSON Schema allows and
// encoding/json does not, it is written as 1 first.
func (a *answer) into(p any) error {
	err := json.Unmarshal(a.raw, p)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
		return err
	}
	plain, merr := json.Marshal(a.value)
	if merr != nil {
		return err
	}
	return json.Unmarshal(plain, p)
}

// checkDepth looks at the brackets outside of strings, before anything is built.
func checkDepth(raw []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return fmt.Errorf("it nests deeper than %d", maxDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// plainNumbers replaces each json.Number in a value that was just decoded.
func plainNumbers(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i, nil
		}
		f, err := v.Float64()
		if err != nil {
			return nil, fmt.Errorf("the number %s is too large", excerpt(v.String(), 40))
		}
		return f, nil
	case []any:
		for i := range v {
			if v[i], err = plainNumbers(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k, e := range v {
			if v[k], err = plainNumbers(e); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}
