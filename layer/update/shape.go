package update

import (
	"reflect"
	"strings"
)

// shape says how a struct type is read as keys and values. The zero value knows no type.
type shape struct {
	of     reflect.Type
	fields []field
}

// field is one exported field, or one promoted from an embedded struct.
type field struct {
	key       string
	index     []int
	omitEmpty bool
}

// shapeOf reads a struct type, or a pointer to one; for others, and nil, it gives the zero value.
func shapeOf(t reflect.Type) shape {
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return shape{}
	}
	s := shape{of: t}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		embedded := f.Anonymous && name == "" // its fields are listed by themselves
		if !f.IsExported() || embedded || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		empty := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		s.fields = append(s.fields, field{key: name, index: f.Index, omitEmpty: empty})
	}
	return s
}

// values gives the keys and values of an output; false for one that has none.
func (s shape) values(out any) (map[string]any, bool) {
	if m, ok := out.(map[string]any); ok {
		return m, m != nil
	}
	v := reflect.ValueOf(out)
	if v.Kind() == reflect.Pointer {
		v = v.Elem() // of a nil pointer: the zero Value, whose kind is Invalid
	}
	switch v.Kind() {
	case reflect.Map:
		return mapValues(v)
	case reflect.Struct:
		if v.Type() != s.of {
			s = shapeOf(v.Type())
		}
		return s.structValues(v), len(s.fields) > 0
	}
	return nil, false
}

func mapValues(v reflect.Value) (map[string]any, bool) {
	if v.IsNil() || v.Type().Key().Kind() != reflect.String {
		return nil, false
	}
	m := make(map[string]any, v.Len())
	for it := v.MapRange(); it.Next(); {
		m[it.Key().String()] = it.Value().Interface()
	}
	return m, true
}

func (s shape) structValues(v reflect.Value) map[string]any {
	m := make(map[string]any, len(s.fields))
	for _, f := range s.fields {
		x, err := v.FieldByIndexErr(f.index) // fails where an embedded pointer is nil
		if err != nil || f.omitEmpty && x.IsZero() {
			continue
		}
		m[f.key] = x.Interface()
	}
	return m
}
