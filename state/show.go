package state

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

const (
	// shownBytes is how much of a value an error shows, shownDepth how deep it looks, shownItems how many items of a list
	// or a map: a value may be huge, and may hold itself.
	shownBytes = 60
	shownDepth = 3
	shownItems = 8
)

// show gives the beginning of a value for an error. It calls no method of the value's.
func show(v any) string {
	if v == nil {
		return "nothing"
	}
	if t, ok := v.(time.Time); ok {
		return t.Format(time.RFC3339Nano)
	}
	var s shower
	s.value(reflect.ValueOf(v), 0)
	if len(s.text) <= shownBytes {
		return string(s.text)
	}
	cut := shownBytes
	for cut > 0 && !utf8.RuneStart(s.text[cut]) {
		cut--
	}
	return string(s.text[:cut]) + "…"
}

// shower writes until it has enough.
type shower struct{ text []byte }

func (s *shower) add(text string) { s.text = append(s.text, text...) }

func (s *shower) value(v reflect.Value, depth int) {
	switch {
	case len(s.text) > shownBytes:
		return
	case depth > shownDepth:
		s.add("…")
		return
	}
	switch v.Kind() {
	case reflect.Invalid:
		s.add("nothing")
	case reflect.Bool:
		s.text = strconv.AppendBool(s.text, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		s.text = strconv.AppendInt(s.text, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		s.text = strconv.AppendUint(s.text, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		s.text = strconv.AppendFloat(s.text, v.Float(), 'g', -1, v.Type().Bits())
	case reflect.String:
		text := v.String()
		s.text = strconv.AppendQuote(s.text, text[:min(len(text), shownBytes)])
	case reflect.Interface, reflect.Pointer:
		s.value(v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		s.list(v, depth)
	case reflect.Map:
		s.fields(v, depth)
	default:
		fmt.Fprintf(s, "a %v", v.Type()) // structs have fields that are nobody's business
	}
}

// Write makes a shower an io.Writer.
func (s *shower) Write(text []byte) (int, error) {
	s.text = append(s.text, text...)
	return len(text), nil
}

func (s *shower) list(v reflect.Value, depth int) {
	s.add("[")
	for i := range min(v.Len(), shownItems) {
		if i > 0 {
			s.add(" ")
		}
		s.value(v.Index(i), depth+1)
	}
	if v.Len() > shownItems {
		s.add(" …")
	}
	s.add("]")
}

// fields writes a map: by its keys in order where they are text and few enough to sort.
func (s *shower) fields(v reflect.Value, depth int) {
	if v.Type().Key().Kind() != reflect.String || v.Len() > 100 {
		fmt.Fprintf(s, "a map of %d", v.Len())
		return
	}
	values := make(map[string]reflect.Value, v.Len())
	for entry := v.MapRange(); entry.Next(); {
		values[entry.Key().String()] = entry.Value()
	}
	s.add("{")
	for i, name := range slices.Sorted(maps.Keys(values)) {
		if i > 0 {
			s.add(" ")
		}
		if i == shownItems {
			s.add("…")
			break
		}
		s.text = append(strconv.AppendQuote(s.text, name[:min(len(name), shownBytes)]), ':')
		s.value(values[name], depth+1)
	}
	s.add("}")
}
