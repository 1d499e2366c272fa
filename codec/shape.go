package codec

import (
	"encoding"
	"encoding/json"
	"reflect"
	"time"
)

// shape is how a struct type is written.
type shape struct {
	by way
	// fields are those that are written.
	fields []field
	// hidden are the fields that can be neither written nor read, by index.
	hidden []int
}

// field is one field that is written, under its name.
type field struct {
	name  string
	index int
	// within says that it is an embedded struct of an unexported type: only its own fields can be reached.
	within bool
}

// way is what writes a struct.
type way uint8

const (
	byFields way = iota
	byTime
	byJSON
	byText
	byBinary
)

// shapeOf gives the shape of a struct type.
func (c *JSON) shapeOf(t reflect.Type) *shape {
	if s, ok := c.shapes.Load(t); ok {
		return s.(*shape)
	}
	s, _ := c.shapes.LoadOrStore(t, newShape(t))
	return s.(*shape)
}

func newShape(t reflect.Type) *shape {
	if t == reflect.TypeFor[time.Time]() {
		return &shape{by: byTime}
	}
	s := &shape{}
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.IsExported():
			s.fields = append(s.fields, field{name: f.Name, index: i})
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			s.fields = append(s.fields, field{name: f.Name, index: i, within: true})
		default:
			s.hidden = append(s.hidden, i)
		}
	}
	if len(s.hidden) > 0 {
		s.by = pair(t)
	}
	return s
}

// pair is the pair of methods by which a type writes and reads itself. Methods that may come from an embedded field are not
// trusted: they know nothing of the other fields.
func pair(t reflect.Type) way {
	for _, p := range []struct {
		by       way
		out, new reflect.Type
	}{
		{byJSON, reflect.TypeFor[json.Marshaler](), reflect.TypeFor[json.Unmarshaler]()},
		{byText, reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()},
		{byBinary, reflect.TypeFor[encoding.BinaryMarshaler](), reflect.TypeFor[encoding.BinaryUnmarshaler]()},
	} {
		if to := reflect.PointerTo(t); to.Implements(p.out) && to.Implements(p.new) && !embeds(t, p.out, p.new) {
			return p.by
		}
	}
	return byFields
}

// embeds says that an embedded field has any of the methods.
func embeds(t reflect.Type, interfaces ...reflect.Type) bool {
	for f := range t.Fields() {
		if !f.Anonymous {
			continue
		}
		for _, i := range interfaces {
			if f.Type.Implements(i) || reflect.PointerTo(f.Type).Implements(i) {
				return true
			}
		}
	}
	return false
}

// nullable says that null may be written for a value of type t, so that a pointer to one needs brackets round it.
func (c *JSON) nullable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return true
	case reflect.Struct:
		return c.shapeOf(t).by == byJSON
	}
	return false
}
