package expr

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/interpreter"
)

// reader shows Go values to CEL without copying them: a list or map is wrapped, and what it holds is when it is read.
// It is private to one evaluation.
type reader struct {
	// left is how many entries of values may still be compared. CEL's cost model charges a comparison after it was made, and
	// by its top level only, so that comparing nested values could outlast any limit (TestComparingLargeValuesIsBounded).
	left int
}

// newReader gives a reader with its full allowance.
func newReader() *reader { return &reader{left: CostLimit} }

// charge takes n from the allowance and ends the evaluation when there is none left.
func (r *reader) charge(n ref.Val) {
	size, _ := n.(types.Int)
	r.left -= 1 + int(size)
	if r.left < 0 {
		panic(interpreter.EvalCancelledError{Cause: interpreter.CostLimitExceeded, Message: "comparing values"})
	}
}

// NativeToValue gives a Go value as CEL sees it. CEL's interface for adapters asks for the name.
func (r *reader) NativeToValue(value any) ref.Val {
	switch v := value.(type) {
	case ref.Val:
		return v
	case string:
		return types.String(v)
	case int:
		return types.Int(v)
	case []any:
		return r.list(types.NewList(r, v))
	case map[string]any:
		return r.dict(types.NewMap(r, v), v)
	case nil, bool, float64, int64, []byte, time.Time, time.Duration, json.Number:
		return types.DefaultTypeAdapter.NativeToValue(v)
	case json.RawMessage:
		return r.parsed(v)
	}
	return r.reflected(reflect.ValueOf(value))
}

// parsed gives the value of JSON text.
func (r *reader) parsed(text []byte) ref.Val {
	v, err := parseJSON(text)
	if err != nil {
		return types.NewErr("%v", err)
	}
	return r.NativeToValue(v)
}

// reflected gives a value of any other type by its kind.
func (r *reader) reflected(v reflect.Value) ref.Val {
	switch v.Kind() {
	case reflect.Bool:
		return types.Bool(v.Bool())
	case reflect.String:
		return types.String(v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return types.Int(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return unsigned(v.Uint())
	case reflect.Float32, reflect.Float64:
		return types.Double(v.Float())
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return types.NullValue
		}
		return r.NativeToValue(v.Elem().Interface())
	case reflect.Slice, reflect.Array:
		return r.list(types.NewDynamicList(r, v.Interface()))
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			return r.dict(types.NewDynamicMap(r, v.Interface()), v.Interface())
		}
	case reflect.Struct:
		return r.dict(types.NewMap(r, fields(v)), v.Interface())
	}
	return types.NewErr("a value of the Go type %v cannot be read by an expression", v.Type())
}

// unsigned gives an unsigned number as int where it fits, since CEL does not mix the two.
func unsigned(n uint64) ref.Val {
	if n <= 1<<63-1 {
		return types.Int(n)
	}
	return types.Uint(n)
}

// fields gives the exported fields of a struct under the names that JSON gives them.
func fields(v reflect.Value) map[string]any {
	m := map[string]any{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" || f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct {
			continue
		}
		if name == "" {
			name = f.Name
		}
		at, err := v.FieldByIndexErr(f.Index)
		if err != nil { // a field of an embedded pointer that is nil
			continue
		}
		if _, shadowed := m[name]; !shadowed || len(f.Index) == 1 {
			m[name] = at.Interface()
		}
	}
	return m
}

// list is a Go list. Its size counts as one element of what the evaluation built: it only points to it.
type list struct {
	traits.Lister
	*reader
}

func (r *reader) list(l traits.Lister) ref.Val { return &list{Lister: l, reader: r} }

// AggregateSize says what the list adds to what was built.
func (l *list) AggregateSize(types.AggregateSizer) uint32 { return 1 }

// Equal compares entry by entry, within the allowance.
func (l *list) Equal(other ref.Val) ref.Val {
	l.charge(l.Size())
	return l.Lister.Equal(other)
}

// Contains looks for an entry, within the allowance.
func (l *list) Contains(v ref.Val) ref.Val {
	l.charge(l.Size())
	return l.Lister.Contains(v)
}

// dict is a Go map or struct.
type dict struct {
	traits.Mapper
	*reader
	// native is the Go value that the map shows.
	native any
}

func (r *reader) dict(m traits.Mapper, native any) ref.Val {
	return &dict{Mapper: m, reader: r, native: native}
}

// AggregateSize says what the map adds to what was built.
func (d *dict) AggregateSize(types.AggregateSizer) uint32 { return 1 }

// Equal compares entry by entry, within the allowance.
func (d *dict) Equal(other ref.Val) ref.Val {
	d.charge(d.Size())
	return d.Mapper.Equal(other)
}

// Value gives the Go value that the map shows.
func (d *dict) Value() any { return d.native }
