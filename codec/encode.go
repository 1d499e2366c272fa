package codec

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unsafe"
)

// encoder writes one value.
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

// plain says that a map can be written as an object without being taken for something else.
func plain(m map[string]any) bool {
	if _, ok := m[tagKey]; ok || m == nil {
		return false
	}
	for k := range m {
		if !valid(k) {
			return false
		}
	}
	return true
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

// entries writes a map: an object where the keys are texts, else a list of keys and values.
func (e *encoder) entries(v reflect.Value) error {
	if v.IsNil() {
		e.b = append(e.b, "null"...)
		return nil
	}
	if v.Type().Key().Kind() == reflect.String {
		text := true
		for k := range v.Seq() {
			text = text && valid(k.String())
		}
		if text {
			return e.texts(v)
		}
	}
	return e.pairs(v)
}

// texts writes a map whose keys are texts, in their order.
func (e *encoder) texts(v reflect.Value) error {
	r, err := e.enter(v)
	if err != nil {
		return err
	}
	defer e.leave(r)
	if err := e.begin('{'); err != nil {
		return err
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return bytes.Compare([]byte(a.String()), []byte(b.String())) })
	for i, k := range keys {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.b = append(appendText(e.b, k.String()), ':')
		if err := e.body(v.MapIndex(k)); err != nil {
			return placed(err, fmt.Sprintf("[%q]", k.String()))
		}
	}
	e.end('}')
	return nil
}

// pairs writes a map as a list, in the order of what is written for the keys.
func (e *encoder) pairs(v reflect.Value) error {
	r, err := e.enter(v)
	if err != nil {
		return err
	}
	defer e.leave(r)
	if err := e.begin('['); err != nil {
		return err
	}
	rest, written := e.b, map[string][]byte{}
	var order []string
	for entry := v.MapRange(); entry.Next(); {
		pair, length, err := e.pair(entry.Key(), entry.Value())
		if err != nil {
			return placed(err, fmt.Sprintf("[%.50v]", entry.Key()))
		}
		key := string(pair[:length])
		if _, twice := written[key]; twice { // several that are not a number, which equal nothing
			key += fmt.Sprint(len(order))
		}
		written[key] = pair
		order = append(order, key)
	}
	slices.Sort(order)
	e.b = rest
	for i, key := range order {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.b = append(e.b, written[key]...)
	}
	e.end(']')
	return nil
}

// pair writes one entry by itself, and says how long its key is.
func (e *encoder) pair(k, v reflect.Value) (pair []byte, length int, err error) {
	if held(k) {
		return nil, 0, fmt.Errorf("a map with a key of type %v means nothing outside of the process and cannot be encoded", k.Type())
	}
	e.b = nil
	if err := e.begin('['); err != nil {
		return nil, 0, err
	}
	if err := e.body(k); err != nil {
		return nil, 0, err
	}
	length = len(e.b)
	e.b = append(e.b, ',')
	if err := e.body(v); err != nil {
		return nil, 0, err
	}
	e.end(']')
	return e.b, length, nil
}

// held says that a key is told from others by where it is in memory.
func held(k reflect.Value) bool {
	switch k.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return true
	case reflect.Interface:
		return !k.IsNil() && held(k.Elem())
	case reflect.Array:
		for i := range k.Len() {
			if held(k.Index(i)) {
				return true
			}
		}
	case reflect.Struct:
		for i := range k.NumField() {
			if held(k.Field(i)) {
				return true
			}
		}
	}
	return false
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
