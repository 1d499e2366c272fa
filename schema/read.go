package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// MaxLength is how long a JSON text may be, 1 MiB: far more than people and models write, and little enough to check.
	MaxLength = 1 << 20
	// MaxDepth is how deep a value may nest.
	MaxDepth = 100
)

// value is one JSON value.
type value struct {
	raw   []byte // the text; nil for a value that was given in Go
	plain any
	given any // what was given, if it is the whole value as it stands
}

// read reads a JSON text. Whole numbers that fit become int64, all others float64.
func read(raw []byte) (value, error) {
	if len(raw) > MaxLength {
		return value{}, fmt.Errorf("it is longer than %d KiB", MaxLength>>10)
	}
	if err := checkDepth(raw); err != nil {
		return value{}, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return value{}, fmt.Errorf("it is not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return value{}, errors.New("there is something behind the JSON value")
	}
	v, err := plainNumbers(v)
	if err != nil {
		return value{}, err
	}
	return value{raw: raw, plain: v}, nil
}

// into puts a value that was judged into what p points to.
func (v *value) into(p any) error {
	if target, ok := p.(*any); ok {
		*target = v.plain
		return nil
	}
	if v.assign(p) {
		return nil
	}
	if err := v.decode(p); err != nil {
		return &Error{Problems: []Problem{newProblem("", err)}}
	}
	return nil
}

// decode decodes the value. Where 1.0 stands for a whole number, which JSON Schema allows and encoding/json does not, it is
// written as 1 first.
func (v *value) decode(p any) error {
	var err error
	if v.raw != nil {
		err = json.Unmarshal(v.raw, p)
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
			return err
		}
	}
	plain, merr := json.Marshal(v.plain)
	if merr != nil {
		return cmp.Or(err, merr)
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
			if depth++; depth > MaxDepth {
				return fmt.Errorf("it nests deeper than %d", MaxDepth)
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
		return plainNumber(v)
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

// plainNumber is a number as int64 if it is whole and fits, otherwise as float64.
func plainNumber(n json.Number) (any, error) {
	if i, err := n.Int64(); err == nil {
		return i, nil
	}
	f, err := n.Float64()
	if err != nil {
		return nil, fmt.Errorf("the number %s is too large", excerpt(n.String(), 40))
	}
	return f, nil
}
