package state

import (
	"maps"
	"reflect"
	"slices"
	"unsafe"
)

// pair are two maps that are being merged.
type pair struct{ now, next unsafe.Pointer }

// fields merges two maps key by key. ok is false if the values are not maps of one type with text
// keys, or hold themselves.
func (j *joining) fields(at places) (result slot, changed, ok bool) {
	now, ok1 := fieldsOf(at.now.value)
	next, ok2 := fieldsOf(at.next.value)
	if !ok1 || !ok2 || reflect.TypeOf(at.now.value) != reflect.TypeOf(at.next.value) || now == nil || next == nil {
		return slot{}, false, false
	}
	here := pair{reflect.ValueOf(at.now.value).UnsafePointer(), reflect.ValueOf(at.next.value).UnsafePointer()}
	if slices.Contains(j.open, here) {
		return slot{}, false, false
	}
	j.open = append(j.open, here)
	defer func() { j.open = j.open[:len(j.open)-1] }()

	base, _ := fieldsOf(at.base.value)
	origin, _ := fieldsOf(at.origin.value)
	merged := now
	for _, name := range fieldNames(base, next) {
		j.path = append(j.path, name)
		place := places{slotIn(base, name), slotIn(origin, name), slotIn(now, name), slotIn(next, name)}
		value, differs := j.place(place)
		j.path = j.path[:len(j.path)-1]
		if !differs {
			continue
		}
		if !changed {
			changed, merged = true, maps.Clone(now)
		}
		if value.set {
			merged[name] = value.value
		} else {
			delete(merged, name)
		}
	}
	if !changed {
		return at.now, false, true
	}
	return slot{withFields(reflect.TypeOf(at.now.value), merged), true}, true, true
}

// fieldNames returns the names in which a branch may have changed a map, sorted.
func fieldNames(base, next map[string]any) []string {
	found := make(map[string]struct{}, len(next))
	for name := range base {
		found[name] = struct{}{}
	}
	for name := range next {
		found[name] = struct{}{}
	}
	return slices.Sorted(maps.Keys(found))
}

func slotIn(m map[string]any, name string) slot {
	value, ok := m[name]
	return slot{value, ok}
}

// fieldsOf returns a map with text keys as a map[string]any: v itself if it is one, which must not be
// modified, else a copy. A nil map gives nil.
func fieldsOf(v any) (map[string]any, bool) {
	if m, ok := v.(map[string]any); ok {
		return m, true
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Map || rv.Type().Key().Kind() != reflect.String {
		return nil, false
	}
	if rv.IsNil() {
		return nil, true
	}
	m := make(map[string]any, rv.Len())
	for entry := rv.MapRange(); entry.Next(); {
		m[entry.Key().String()] = entry.Value().Interface()
	}
	return m, true
}

// withFields returns m as a map of type t, whose values m's must fit.
func withFields(t reflect.Type, m map[string]any) any {
	if t == reflect.TypeFor[map[string]any]() {
		return m
	}
	out := reflect.MakeMapWithSize(t, len(m))
	for name, value := range m {
		item := reflect.New(t.Elem()).Elem()
		if value != nil {
			item.Set(reflect.ValueOf(value))
		}
		out.SetMapIndex(reflect.ValueOf(name).Convert(t.Key()), item)
	}
	return out.Interface()
}
