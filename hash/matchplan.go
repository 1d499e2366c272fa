package hash

import (
	"reflect"
	"sync"
	"time"
)

// plan gives what matches values of a type, nil where nothing does.
func (m *matcher) plan(t reflect.Type) matching {
	known, ok := m.plans.Load(t)
	if !ok {
		known, _ = m.plans.LoadOrStore(t, m.compile(t))
	}
	return known.(matching)
}

// later is plan when it is first needed: what a pointer or a list leads to may be what holds it.
func (m *matcher) later(t reflect.Type) func() matching {
	return sync.OnceValue(func() matching { return m.plan(t) })
}

func (m *matcher) compile(t reflect.Type) matching {
	switch t {
	case reflect.TypeFor[time.Time]():
		return matchTime
	case reflect.TypeFor[[]string]():
		return m.texts(t)
	}
	match := m.kind(t)
	prefix := string(name(t))
	if match == nil || prefix == "" || t.Kind() == reflect.Struct { // a struct's plan begins with the name
		return match
	}
	return func(f form, depth int, v reflect.Value) (form, bool) {
		f, ok := f.past(prefix)
		if !ok {
			return f, false
		}
		return match(f, depth, v)
	}
}

// kind matches what follows the name of a type.
func (m *matcher) kind(t reflect.Type) matching {
	switch t.Kind() {
	case reflect.Struct:
		return m.structure(t)
	case reflect.Interface:
		return m.dynamic
	case reflect.Pointer:
		return m.pointer(t)
	case reflect.Slice, reflect.Array:
		return m.list(t)
	case reflect.Map:
		return m.mapping(t)
	case reflect.Bool:
		return func(f form, _ int, v reflect.Value) (form, bool) { return f.truth(v.Bool()) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(f form, _ int, v reflect.Value) (form, bool) { return f.whole(v.Int()) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(f form, _ int, v reflect.Value) (form, bool) { return f.natural(v.Uint()) }
	case reflect.Float32, reflect.Float64:
		return func(f form, _ int, v reflect.Value) (form, bool) { return f.float(v.Float()) }
	case reflect.String:
		return func(f form, _ int, v reflect.Value) (form, bool) { return f.text(tagText, v.String()) }
	}
	return nil
}

// shown gives the value itself without an allocation, where reflection may show it.
func shown[T any](v reflect.Value) (T, bool) {
	switch {
	case !v.CanInterface():
		var none T
		return none, false
	case v.CanAddr():
		return *v.Addr().Interface().(*T), true
	}
	return v.Interface().(T), true
}

// matchTime leaves times in fields that are not exported to the writer.
func matchTime(f form, _ int, v reflect.Value) (form, bool) {
	t, ok := shown[time.Time](v)
	if !ok {
		return f, false
	}
	return f.instant(t)
}

// texts is list for text, without reflection where it may be shown.
func (m *matcher) texts(t reflect.Type) matching {
	hidden := m.list(t)
	return func(f form, depth int, v reflect.Value) (form, bool) {
		list, ok := shown[[]string](v)
		switch {
		case !ok:
			return hidden(f, depth, v)
		case list == nil:
			return f.tag(tagNil)
		}
		f, ok = f.sized(tagList, len(list))
		for i := 0; ok && i < len(list); i++ {
			f, ok = f.text(tagText, list[i])
		}
		return f, ok
	}
}

func (m *matcher) dynamic(f form, depth int, v reflect.Value) (form, bool) {
	in := v.Elem()
	switch {
	case !in.IsValid():
		return f.tag(tagNil)
	case in.CanInterface():
		return m.any(f, depth+1, v.Interface())
	}
	plan := m.plan(in.Type())
	if plan == nil || depth >= handover {
		return f, false
	}
	return plan(f, depth+1, in)
}

func (m *matcher) pointer(t reflect.Type) matching {
	plan := m.later(t.Elem())
	return func(f form, depth int, v reflect.Value) (form, bool) {
		if v.IsNil() {
			return f.tag(tagNil)
		}
		f, ok := f.tag(tagPointer)
		match := plan()
		if !ok || match == nil || depth >= handover {
			return f, false
		}
		return match(f, depth+1, v.Elem())
	}
}

func (m *matcher) list(t reflect.Type) matching {
	slice := t.Kind() == reflect.Slice
	switch {
	case t.Elem() != reflect.TypeFor[byte]():
	case !slice:
		return nil
	default:
		return func(f form, _ int, v reflect.Value) (form, bool) {
			if v.IsNil() {
				return f.tag(tagNil)
			}
			b := v.Bytes()
			f, ok := f.sized(tagBytes, len(b))
			if !ok || len(f) < len(b) || string(f[:len(b)]) != string(b) {
				return f, false
			}
			return f[len(b):], true
		}
	}
	plan := m.later(t.Elem())
	return func(f form, depth int, v reflect.Value) (form, bool) {
		if slice && v.IsNil() {
			return f.tag(tagNil)
		}
		n := v.Len()
		f, ok := f.sized(tagList, n)
		match := plan()
		if match == nil || depth >= handover {
			return f, false
		}
		for i := 0; ok && i < n; i++ {
			f, ok = match(f, depth+1, v.Index(i))
		}
		return f, ok
	}
}

// mapping matches maps that need no reflection to be read.
func (m *matcher) mapping(t reflect.Type) matching {
	switch t {
	case reflect.TypeFor[map[string]any]():
		return func(f form, depth int, v reflect.Value) (form, bool) {
			o, ok := shown[map[string]any](v)
			if !ok || depth >= handover {
				return f, false
			}
			return m.object(f, depth, o)
		}
	case reflect.TypeFor[map[string]string]():
		return func(f form, _ int, v reflect.Value) (form, bool) {
			o, ok := shown[map[string]string](v)
			if !ok {
				return f, false
			}
			return matchObject(f, o)
		}
	}
	return nil
}

// field is one of a struct: what stands before its value, and what matches that.
type field struct {
	before string
	match  matching
}

// structure matches structs all of whose fields can be matched.
func (m *matcher) structure(t reflect.Type) matching {
	if hidesTime(t, false) {
		return nil
	}
	w := writer{b: name(t)}
	w.tag(tagStruct)
	w.length(t.NumField())
	fields := make([]field, 0, t.NumField())
	for f := range t.Fields() {
		w.text(tagText, f.Name)
		match := m.plan(f.Type)
		if match == nil {
			return nil
		}
		fields = append(fields, field{string(w.b), match})
		w.b = w.b[:0]
	}
	end := string(w.b) // what there is without fields
	return func(f form, depth int, v reflect.Value) (form, bool) {
		ok := depth < handover
		for i := 0; ok && i < len(fields); i++ {
			if f, ok = f.past(fields[i].before); ok {
				f, ok = fields[i].match(f, depth+1, v.Field(i))
			}
		}
		if !ok {
			return f, false
		}
		return f.past(end)
	}
}
