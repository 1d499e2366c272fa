package state

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// fit converts v to type t if that loses nothing: numbers that are exact in t, named and unnamed forms
// of the same text or truth, lists and string-keyed maps item by item, nil where t has a nil, a value
// where t is a pointer to its type. A nil t is any type. It is what lets values that came through JSON
// or YAML stand in a typed key.
func fit(t reflect.Type, v any) (any, bool) {
	if t == nil || v != nil && reflect.TypeOf(v) == t {
		return v, true
	}
	out := reflect.New(t).Elem()
	if !fitInto(out, v) {
		return nil, false
	}
	return out.Interface(), true
}

// fitInto sets out, a zero value, to v.
func fitInto(out reflect.Value, v any) bool {
	kind := out.Kind()
	if v == nil {
		return nilable(kind)
	}
	in := reflect.ValueOf(v)
	if in.Type().AssignableTo(out.Type()) {
		out.Set(in)
		return true
	}
	switch {
	case isNumber(kind):
		return fitNumber(out, in)
	case kind == reflect.String || kind == reflect.Bool:
		if _, number := v.(json.Number); number || in.Kind() != kind {
			return false
		}
		out.Set(in.Convert(out.Type()))
		return true
	case kind == reflect.Pointer:
		out.Set(reflect.New(out.Type().Elem()))
		return fitInto(out.Elem(), v)
	case kind == reflect.Slice && in.Kind() == reflect.Slice:
		return fitItems(out, in)
	case kind == reflect.Map && in.Kind() == reflect.Map:
		return fitEntries(out, in)
	}
	return false
}

func nilable(kind reflect.Kind) bool {
	switch kind {
	case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return true
	}
	return false
}

func fitItems(out, in reflect.Value) bool {
	if in.IsNil() {
		return true
	}
	out.Set(reflect.MakeSlice(out.Type(), in.Len(), in.Len()))
	for i := range in.Len() {
		if !fitInto(out.Index(i), in.Index(i).Interface()) {
			return false
		}
	}
	return true
}

func fitEntries(out, in reflect.Value) bool {
	key, elem := out.Type().Key(), out.Type().Elem()
	if key.Kind() != reflect.String || in.Type().Key().Kind() != reflect.String {
		return false
	}
	if in.IsNil() {
		return true
	}
	out.Set(reflect.MakeMapWithSize(out.Type(), in.Len()))
	for entry := in.MapRange(); entry.Next(); {
		value := reflect.New(elem).Elem()
		if !fitInto(value, entry.Value().Interface()) {
			return false
		}
		out.SetMapIndex(entry.Key().Convert(key), value)
	}
	return true
}

func isNumber(kind reflect.Kind) bool {
	return kind >= reflect.Int && kind <= reflect.Float64 && kind != reflect.Uintptr
}

// fitNumber converts a number to another type of number if it comes back the same.
func fitNumber(out, in reflect.Value) bool {
	if text, ok := in.Interface().(json.Number); ok {
		return parseNumber(out, string(text))
	}
	if !isNumber(in.Kind()) {
		return false
	}
	converted := in.Convert(out.Type())
	if outOfRange(in, converted) || !converted.Convert(in.Type()).Equal(in) || negative(converted) != negative(in) {
		return false // the second test is for integers that wrap round and back
	}
	out.Set(converted)
	return true
}

func negative(v reflect.Value) bool {
	return v.CanInt() && v.Int() < 0 || v.CanFloat() && v.Float() < 0
}

// outOfRange reports whether a conversion between float and integer is at the edge of 64 bits, where
// its result depends on the machine.
func outOfRange(a, b reflect.Value) bool {
	switch {
	case a.CanFloat() == b.CanFloat():
		return false
	case a.CanFloat():
		return math.Abs(a.Float()) >= 1<<63
	}
	return math.Abs(b.Float()) >= 1<<63
}

// parseNumber sets out to the finite number that text says, if out can hold it exactly.
func parseNumber(out reflect.Value, text string) bool {
	text = strings.TrimSpace(text)
	size := out.Type().Bits()
	if n, err := strconv.ParseInt(text, 10, size); err == nil && out.CanInt() {
		out.SetInt(n)
		return true
	}
	if n, err := strconv.ParseUint(text, 10, size); err == nil && out.CanUint() {
		out.SetUint(n)
		return true
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return false
	}
	if out.CanFloat() {
		out.SetFloat(n) // the nearest float32 will do: text seldom says one exactly
		return !math.IsInf(out.Float(), 0)
	}
	return fitNumber(out, reflect.ValueOf(n))
}
