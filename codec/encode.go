package codec

import (
	"encoding/base64"
	"reflect"
	"strconv"
	"unsafe"
)

// encoder writes one value the plain way: by a walk.
type encoder struct {
	c     *JSON
	b     []byte
	depth int
	// open are the references that the value being written stands in; kept from a depth that few values reach.
	open map[reference]bool
}

// reference is a pointer, map or slice.
type reference struct {
	at  unsafe.Pointer
	len int
	typ reflect.Type
}

// watchFrom is the depth from which cycles are looked for.
const watchFrom = 64

// begin opens a bracket, and end closes it.
func (e *encoder) begin(bracket byte) error {
	if e.depth++; e.depth > maxDepth {
		return errDepth
	}
	e.b = append(e.b, bracket)
	return nil
}

func (e *encoder) end(bracket byte) {
	e.depth--
	e.b = append(e.b, bracket)
}

// enter notes a pointer, map or slice that is being written. Leave it with leave.
func (e *encoder) enter(v reflect.Value) (reference, error) {
	if e.depth < watchFrom {
		return reference{}, nil
	}
	r := reference{at: v.UnsafePointer(), typ: v.Type()}
	if v.Kind() == reflect.Slice {
		r.len = v.Len()
	}
	if e.open[r] {
		return r, errCycle
	}
	if e.open == nil {
		e.open = map[reference]bool{}
	}
	e.open[r] = true
	return r, nil
}

func (e *encoder) leave(r reference) { delete(e.open, r) }

// dynamic writes a value whose type the reader does not know.
func (e *encoder) dynamic(v any) error {
	switch v := v.(type) {
	case nil:
		e.b = append(e.b, "null"...)
		return nil
	case bool:
		e.b = strconv.AppendBool(e.b, v)
		return nil
	case int64:
		e.b = strconv.AppendInt(e.b, v, 10)
		return nil
	case float64:
		if finite(v) {
			e.b = appendFloat(e.b, v, 64)
			return nil
		}
	case string:
		if valid(v) {
			e.b = appendText(e.b, v)
			return nil
		}
	case []any:
		if v != nil {
			return e.list(reflect.ValueOf(v))
		}
	case map[string]any:
		if plain(v) {
			return e.texts(reflect.ValueOf(v))
		}
	}
	return e.tagged(reflect.ValueOf(v))
}

// The keys of a value that is written with its type.
const tagKey, valueKey = "$", "v"

// tagged writes a value with its type.
func (e *encoder) tagged(v reflect.Value) error {
	name, err := e.c.tag(v.Type())
	if err != nil {
		return err
	}
	if err := e.begin('{'); err != nil {
		return err
	}
	e.b = append(e.b, `"$":`...)
	e.b = appendText(e.b, name)
	e.b = append(e.b, `,"v":`...)
	if err := e.body(v); err != nil {
		return err
	}
	e.end('}')
	return nil
}

// body writes a value whose type the reader knows.
func (e *encoder) body(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Bool:
		e.b = strconv.AppendBool(e.b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.b = strconv.AppendInt(e.b, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		e.b = strconv.AppendUint(e.b, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		e.b = appendFloat(e.b, v.Float(), v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		bits := v.Type().Bits() / 2
		e.b = appendFloat(append(e.b, '['), real(v.Complex()), bits)
		e.b = append(appendFloat(append(e.b, ','), imag(v.Complex()), bits), ']')
	case reflect.String:
		e.text(v.String())
	case reflect.Slice, reflect.Array:
		return e.items(v)
	case reflect.Map:
		return e.entries(v)
	case reflect.Pointer:
		return e.pointer(v)
	case reflect.Interface:
		return e.inside(v)
	case reflect.Struct:
		return e.structure(v)
	default:
		if v.Kind() != reflect.Uintptr && v.IsNil() {
			e.b = append(e.b, "null"...)
			return nil
		}
		return noBytes(v.Type())
	}
	return nil
}

// text writes a string; one that is no text as a list of its base64.
func (e *encoder) text(s string) {
	if valid(s) {
		e.b = appendText(e.b, s)
		return
	}
	e.b = append(e.b, '[')
	e.binary([]byte(s))
	e.b = append(e.b, ']')
}

func (e *encoder) binary(data []byte) {
	e.b = append(e.b, '"')
	e.b = base64.StdEncoding.AppendEncode(e.b, data)
	e.b = append(e.b, '"')
}

// items writes a slice or an array.
func (e *encoder) items(v reflect.Value) error {
	switch {
	case v.Kind() == reflect.Slice && v.IsNil():
		e.b = append(e.b, "null"...)
		return nil
	case v.Type().Elem().Kind() != reflect.Uint8:
		return e.list(v)
	case v.Kind() == reflect.Array && !v.CanAddr(): // Bytes needs an address
		copied := reflect.New(v.Type()).Elem()
		copied.Set(v)
		v = copied
	}
	e.binary(v.Bytes())
	return nil
}

func (e *encoder) list(v reflect.Value) error {
	if v.Kind() == reflect.Slice && v.Len() > 0 {
		r, err := e.enter(v)
		if err != nil {
			return err
		}
		defer e.leave(r)
	}
	if err := e.begin('['); err != nil {
		return err
	}
	for i := range v.Len() {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		if err := e.body(v.Index(i)); err != nil {
			return placed(err, "["+strconv.Itoa(i)+"]")
		}
	}
	e.end(']')
	return nil
}

func (e *encoder) pointer(v reflect.Value) error {
	if v.IsNil() {
		e.b = append(e.b, "null"...)
		return nil
	}
	r, err := e.enter(v)
	if err != nil {
		return err
	}
	defer e.leave(r)
	if !e.c.nullable(v.Type().Elem()) {
		return e.body(v.Elem())
	}
	if err := e.begin('['); err != nil {
		return err
	}
	if err := e.body(v.Elem()); err != nil {
		return err
	}
	e.end(']')
	return nil
}

// inside writes what an interface holds.
func (e *encoder) inside(v reflect.Value) error {
	if v.IsNil() {
		e.b = append(e.b, "null"...)
		return nil
	}
	return e.dynamic(v.Elem().Interface())
}
