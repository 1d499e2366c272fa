package codec

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
)

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
