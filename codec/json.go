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
	plain bool

	once  sync.Once
	known map[string]reflect.Type // nil under a name that several types have

	tags   sync.Map // reflect.Type → string
	types  sync.Map // string → reflect.Type
	shapes sync.Map // reflect.Type → *shape, of structs
	wider  sync.Map // reflect.Type → *JSON that knows it too
	made   atomic.Int64

	quick quick // not used by a plain one
}

var _ Codec = (*JSON)(nil)

// New makes a JSON that knows these types, and those that stand in them: in fields, as elements, behind pointers. Without
// being told it knows time.Time, time.Duration, time.Month, time.Weekday, json.Number and json.RawMessage. Nil types are left out.
//
// It looks at each type once: what the type's values need is compiled to functions, and kept. A value that is refused is gone
// through twice, since what is wrong with it is found out as Plain does.
func New(types ...reflect.Type) *JSON { return &JSON{given: types} }

// Plain is New without the compiled functions: it walks every value by reflection, and takes one and a half to six times as long for
// the same. It is the plain twin of the optimisation "codec", in the idiom of encoding/json: what is read is checked to be JSON first,
// and then walked by a switch over kinds.
func Plain(types ...reflect.Type) *JSON { return &JSON{given: types, plain: true} }

// With makes a JSON that knows further types. The one that it is called on stays as it is.
func (c *JSON) With(types ...reflect.Type) *JSON {
	return &JSON{given: append(append([]reflect.Type(nil), c.given...), types...), plain: c.plain}
}

// Encode gives the JSON of a value, on one line. The same value gives the same bytes.
func (c *JSON) Encode(v any) ([]byte, error) {
	if !c.plain {
		if data, ok := c.encode(v); ok {
			return data, nil
		}
	}
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
	if !c.plain {
		if v, ok := c.decode(data, t); ok {
			return v, nil
		}
	}
	if !json.Valid(data) {
		return nil, fmt.Errorf("codec: cannot decode: it is not JSON")
	}
	if t != nil && t.Kind() != reflect.Interface {
		c = c.knowing(t)
	}
	d := decoder{c: c, data: data, room: room(len(data))}
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
