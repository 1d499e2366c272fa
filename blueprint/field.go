package blueprint

import (
	"reflect"
	"strings"
)

// field is one key of a struct that a blueprint decodes into: what decoding, hints for unknown keys, reference pages and
// schemas know about it.
type field struct {
	key      string
	doc      string
	enum     []string
	required bool
	// holds says of a key that is decoded by hand what stands there: see schemer.raw. Empty: anything.
	holds string
	typ   reflect.Type
	// index is the field's number in the struct.
	index int
}

// fieldsOf gives the keys of a struct type, in the order of its fields: those with a tag `weir:"key[,required]"`.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		key, rest, _ := strings.Cut(f.Tag.Get("weir"), ",")
		if key == "" || key == "-" || !f.IsExported() {
			continue
		}
		var enum []string
		if words := f.Tag.Get("enum"); words != "" {
			enum = strings.Split(words, ",")
		}
		fields = append(fields, field{
			key: key, doc: f.Tag.Get("doc"), enum: enum, required: rest == "required", holds: f.Tag.Get("holds"), typ: f.Type, index: i,
		})
	}
	return fields
}

// shape is a set of keys together with where their values go: a map of the document may fill several structs, as a step
// does, whose own keys stand beside those that all steps have.
type shape struct {
	field
	into reflect.Value
}

// shapeOf gives the keys of a struct that v points to.
func (d *decoder) shapeOf(v any) []shape {
	into := reflect.ValueOf(v).Elem()
	fields, known := d.fields[into.Type()]
	if !known {
		fields = fieldsOf(into.Type())
		d.fields[into.Type()] = fields
	}
	shapes := make([]shape, len(fields))
	for i, f := range fields {
		shapes[i] = shape{field: f, into: into.Field(f.index)}
	}
	return shapes
}

// keys gives the keys of shapes, for hints.
func keys(shapes []shape) []string {
	names := make([]string, len(shapes))
	for i, s := range shapes {
		names[i] = s.key
	}
	return names
}
