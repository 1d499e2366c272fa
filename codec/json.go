package codec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// maxDepth is how deep brackets may nest in what is written and read: far deeper than data is, and little enough for a stack.
const maxDepth = 1000

// JSON is the default Codec; see the package for what it writes. The zero value knows the types without names, and those of
// New without arguments. It is safe for use by several goroutines and must not be copied.
type JSON struct {
	given []reflect.Type

	once  sync.Once
	known map[string]reflect.Type // nil under a name that several types have

	tags   sync.Map // reflect.Type → string
	types  sync.Map // string → reflect.Type
	shapes sync.Map // reflect.Type → *shape, of structs
	wider  sync.Map // reflect.Type → *JSON that knows it too
	made   atomic.Int64
}

var _ Codec = (*JSON)(nil)

// New makes a JSON that knows these types, and those that stand in them: in fields, as elements, behind pointers. Without
// being told it knows time.Time, time.Duration, time.Month, time.Weekday, json.Number and json.RawMessage. Nil types are left out.
func New(types ...reflect.Type) *JSON { return &JSON{given: types} }

// With makes a JSON that knows further types. The one that it is called on stays as it is.
func (c *JSON) With(types ...reflect.Type) *JSON {
	return New(append(append([]reflect.Type(nil), c.given...), types...)...)
}

// Encode gives the JSON of a value, on one line. The same value gives the same bytes.
func (c *JSON) Encode(v any) ([]byte, error) {
	e := encoder{c: c}
	if err := e.dynamic(v); err != nil {
		return nil, fmt.Errorf("codec: cannot encode %w", placed(err, fmt.Sprintf("%T", v)))
	}
	return e.b, nil
}

// Decode reads what Encode wrote. With a t that the JSON does not know it knows it for this call. A t that is an interface
// counts as nil, but the value must implement it.
//
// Data that was not tagged is read as a t where that can be: {"A":1} as a struct with the field A.
func (c *JSON) Decode(data []byte, t reflect.Type) (any, error) {
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("codec: cannot decode: it is no text in UTF-8")
	}
	if !json.Valid(data) {
		return nil, fmt.Errorf("codec: cannot decode: it is not JSON")
	}
	if t != nil && t.Kind() != reflect.Interface {
		c = c.knowing(t)
	}
	d := decoder{c: c, data: data, room: baseRoom + roomFactor*len(data)}
	v, err := d.top(t)
	if err != nil {
		return nil, fmt.Errorf("codec: cannot decode %w", placed(err, "the value"))
	}
	return v, nil
}

// knowing is a JSON that knows t as well.
func (c *JSON) knowing(t reflect.Type) *JSON {
	if _, err := c.tag(t); err == nil {
		return c
	}
	if w, ok := c.wider.Load(t); ok {
		return w.(*JSON)
	}
	w, _ := c.wider.LoadOrStore(t, c.With(t))
	return w.(*JSON)
}
