package hash

import (
	"math"
	"reflect"
	"sync"
	"time"
)

// sketcher gives numbers by which remembered forms are found before a form is written. A sketch looks at lengths, at numbers, and at both ends of
// texts: equal values of one type have the same, and others may. One who makes many with the same only makes them as dear as those that are not
// remembered. The zero value is ready; it is safe for use by several goroutines and must not be copied.
type sketcher struct {
	plans sync.Map // reflect.Type → sketching
}

// sketching gives the sketch of a value of one type.
type sketching func(depth int, v reflect.Value) uint64

const (
	// few is up to how many entries of a map a sketch looks at: at all of them or at none, since a map has no order.
	few = 32
	// shallow is how many levels of values it looks at.
	shallow = 4
)

// stir adds a number to a sketch. The multiplier is that of splitmix64 (Steele et al., 2014).
func stir(h, n uint64) uint64 {
	h = (h ^ n) * 0xbf58476d1ce4e5b9
	return h ^ h>>29
}

// ends is the sketch of a text: its length, and the bytes at both ends and in the middle.
func ends(s string) uint64 {
	n := len(s)
	if n < 8 {
		h := uint64(n)
		for i := range n {
			h = h<<8 | uint64(s[i])
		}
		return h
	}
	f := form(s)
	return stir(stir(stir(uint64(n), f.number()), f[n/2-4:].number()), f[n-8:].number())
}

func (s *sketcher) any(depth int, v any) uint64 {
	switch v := v.(type) {
	case nil:
		return 1
	case string:
		return ends(v)
	case int:
		return uint64(v)
	case float64:
		return math.Float64bits(v)
	case bool:
		return flag(v)
	case time.Time:
		return uint64(v.UnixNano())
	case map[string]any:
		return s.object(depth, v)
	case []any:
		h := uint64(len(v))
		if len(v) > 0 && depth < shallow {
			h = stir(h, s.any(depth+1, v[len(v)-1]))
		}
		return h
	}
	return s.plan(reflect.TypeOf(v))(depth, reflect.ValueOf(v))
}

func (s *sketcher) object(depth int, o map[string]any) uint64 {
	h := uint64(len(o))
	if len(o) > few || depth >= shallow {
		return h
	}
	for key, v := range o {
		h += stir(ends(key), s.any(shallow, v)) // of what they hold, lengths are enough
	}
	return h
}

func flag(is bool) uint64 {
	if is {
		return 2
	}
	return 3
}

// moment sketches a time where it can be read.
func moment(_ int, v reflect.Value) uint64 {
	if t, ok := shown[time.Time](v); ok {
		return uint64(t.UnixNano())
	}
	return 4
}

// plan gives what makes sketches of a type.
func (s *sketcher) plan(t reflect.Type) sketching {
	known, ok := s.plans.Load(t)
	if !ok {
		known, _ = s.plans.LoadOrStore(t, s.compile(t))
	}
	return known.(sketching)
}

func (s *sketcher) compile(t reflect.Type) sketching {
	if t == reflect.TypeFor[time.Time]() {
		return moment
	}
	switch t.Kind() {
	case reflect.Struct:
		return s.structure(t)
	case reflect.Bool:
		return func(_ int, v reflect.Value) uint64 { return flag(v.Bool()) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(_ int, v reflect.Value) uint64 { return uint64(v.Int()) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(_ int, v reflect.Value) uint64 { return v.Uint() }
	case reflect.Float32, reflect.Float64:
		return func(_ int, v reflect.Value) uint64 { return math.Float64bits(v.Float()) }
	case reflect.String:
		return func(_ int, v reflect.Value) uint64 { return ends(v.String()) }
	case reflect.Slice, reflect.Array:
		return s.list(t)
	case reflect.Map:
		return func(_ int, v reflect.Value) uint64 { return uint64(v.Len()) }
	case reflect.Interface, reflect.Pointer:
		return s.inner
	}
	return func(int, reflect.Value) uint64 { return 5 }
}
