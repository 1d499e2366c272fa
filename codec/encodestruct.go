package codec

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

func (e *encoder) structure(v reflect.Value) error {
	s := e.c.shapeOf(v.Type())
	switch s.by {
	case byTime:
		e.b = appendTime(e.b, v.Interface().(time.Time))
		return nil
	case byFields:
		return e.fields(v, s)
	}
	own := reflect.New(v.Type())
	own.Elem().Set(v)
	return e.itself(own.Interface(), s.by)
}

// fields writes a struct field by field.
func (e *encoder) fields(v reflect.Value, s *shape) error {
	for _, i := range s.hidden {
		if !v.Field(i).IsZero() {
			return placed(fmt.Errorf("the field is not exported, so that what it holds would be lost; give %v the methods "+
				"MarshalJSON and UnmarshalJSON", v.Type()), "."+v.Type().Field(i).Name)
		}
	}
	if err := e.begin('{'); err != nil {
		return err
	}
	for i, f := range s.fields {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.b = append(appendText(e.b, f.name), ':')
		var err error
		if part := v.Field(f.index); f.within {
			err = e.fields(part, e.c.bare(part.Type()))
		} else {
			err = e.body(part)
		}
		if err != nil {
			return placed(err, "."+f.name)
		}
	}
	e.end('}')
	return nil
}

// itself writes what a value's own methods make of it. What they panic with is an error.
func (e *encoder) itself(v any, by way) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("its method panicked: %v", p)
		}
	}()
	switch by {
	case byText:
		text, err := v.(encoding.TextMarshaler).MarshalText()
		if err == nil {
			e.text(string(text))
		}
		return err
	case byBinary:
		data, err := v.(encoding.BinaryMarshaler).MarshalBinary()
		if err == nil {
			e.binary(data)
		}
		return err
	}
	raw, err := v.(json.Marshaler).MarshalJSON()
	if err != nil {
		return err
	}
	if e.depth+nesting(raw) > maxDepth {
		return errDepth
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return fmt.Errorf("its MarshalJSON gives no JSON: %w", err)
	}
	if !valid(compact.String()) {
		return fmt.Errorf("its MarshalJSON gives JSON that is no text in UTF-8")
	}
	e.b = append(e.b, compact.Bytes()...)
	return nil
}

// nesting is how deep the brackets of a JSON value nest.
func nesting(raw []byte) int {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

// bare is the shape of a struct that is written by its fields whatever methods it has: they cannot be reached.
func (c *JSON) bare(t reflect.Type) *shape {
	s := c.shapeOf(t)
	if s.by == byFields {
		return s
	}
	plain := *s
	plain.by = byFields
	return &plain
}
