package weirtest

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// maxDump is how deep a value is written.
const maxDump = 50

// dump writes a value with its types and without addresses, so that values can be compared as text: int64(1) is not
// float64(1).
func dump(v any) string {
	var b strings.Builder
	dumped(&b, reflect.ValueOf(v), 0)
	return b.String()
}

func dumped(b *strings.Builder, v reflect.Value, depth int) {
	switch {
	case !v.IsValid():
		b.WriteString("nil")
		return
	case depth > maxDump:
		b.WriteString("…")
		return
	case v.CanInterface() && told(b, v):
		return
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		if v.Kind() == reflect.Pointer {
			b.WriteByte('&')
		}
		dumped(b, v.Elem(), depth+1)
	case reflect.Struct:
		b.WriteString(v.Type().String() + "{")
		for i := range v.NumField() {
			b.WriteString(v.Type().Field(i).Name + ":")
			dumped(b, v.Field(i), depth+1)
			b.WriteByte(' ')
		}
		b.WriteByte('}')
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.IsNil() {
			b.WriteString(v.Type().String() + "(nil)")
			return
		}
		b.WriteString(v.Type().String() + "{")
		for i := range v.Len() {
			dumped(b, v.Index(i), depth+1)
			b.WriteByte(' ')
		}
		b.WriteByte('}')
	case reflect.Map:
		dumpMap(b, v, depth)
	case reflect.String:
		b.WriteString(strconv.Quote(v.String()))
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		b.WriteString(v.Type().String())
	default:
		fmt.Fprintf(b, "%s(%v)", v.Type(), v)
	}
}

// told writes a value that has a text of its own: an error, or a time.
func told(b *strings.Builder, v reflect.Value) bool {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return false
	}
	switch x := v.Interface().(type) {
	case error:
		fmt.Fprintf(b, "%T(%v)", x, x)
		return true
	case encoding.TextMarshaler:
		text, err := x.MarshalText()
		if err == nil {
			fmt.Fprintf(b, "%T(%s)", x, text)
		}
		return err == nil
	}
	return false
}

// dumpMap writes a map in the order of its keys' texts.
func dumpMap(b *strings.Builder, v reflect.Value, depth int) {
	if v.IsNil() {
		b.WriteString(v.Type().String() + "(nil)")
		return
	}
	var entries []string
	for key, value := range v.Seq2() {
		var e strings.Builder
		dumped(&e, key, depth+1)
		e.WriteByte(':')
		dumped(&e, value, depth+1)
		entries = append(entries, e.String())
	}
	slices.Sort(entries)
	b.WriteString(v.Type().String() + "{" + strings.Join(entries, " ") + "}")
}
