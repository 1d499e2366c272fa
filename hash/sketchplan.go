package hash

import (
	"reflect"
	"sync"
)

// list looks at the end: lists that grow, such as a conversation, begin alike.
func (s *sketcher) list(t reflect.Type) sketching {
	plan := sync.OnceValue(func() sketching { return s.plan(t.Elem()) })
	return func(depth int, v reflect.Value) uint64 {
		n := v.Len()
		if n == 0 || depth >= shallow {
			return uint64(n)
		}
		return stir(uint64(n), plan()(depth+1, v.Index(n-1)))
	}
}

// inner is what a pointer leads to or an interface holds.
func (s *sketcher) inner(depth int, v reflect.Value) uint64 {
	in := v.Elem()
	if !in.IsValid() || depth >= shallow {
		return 6
	}
	return s.plan(in.Type())(depth+1, in)
}

// structure looks at all fields. It looks into maps, which is dear, where no text or number can tell one struct from another.
func (s *sketcher) structure(t reflect.Type) sketching {
	fields := make([]sketching, 0, t.NumField())
	telling := false
	for f := range t.Fields() {
		k := f.Type.Kind()
		telling = telling || k == reflect.String || k > reflect.Bool && k <= reflect.Float64
	}
	for f := range t.Fields() {
		if !telling && f.IsExported() && f.Type == reflect.TypeFor[map[string]any]() {
			fields = append(fields, s.entries)
			continue
		}
		fields = append(fields, s.plan(f.Type))
	}
	return func(depth int, v reflect.Value) uint64 {
		if depth >= shallow {
			return 7
		}
		var h uint64
		for i, sketch := range fields {
			h = stir(h, sketch(depth+1, v.Field(i)))
		}
		return h
	}
}

func (s *sketcher) entries(depth int, v reflect.Value) uint64 {
	if o, ok := shown[map[string]any](v); ok {
		return s.object(depth, o)
	}
	return uint64(v.Len())
}
