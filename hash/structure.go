package hash

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"time"
	"unsafe"
)

// reference is a pointer, map or slice.
type reference struct {
	at  unsafe.Pointer
	len int
	typ reflect.Type
}

// reference writes a value that may be nil or lead back to itself.
func (w *writer) reference(v reflect.Value) error {
	if v.Kind() != reflect.Array {
		if v.IsNil() {
			w.tag(tagNil)
			return nil
		}
		if w.depth >= watchFrom {
			r := reference{at: v.UnsafePointer(), typ: v.Type()}
			if v.Kind() == reflect.Slice {
				r.len = v.Len()
			}
			if w.open[r] {
				return errCycle
			}
			if w.open == nil {
				w.open = map[reference]bool{}
			}
			w.open[r] = true
			defer delete(w.open, r)
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		w.tag(tagPointer)
		return w.value(v.Elem())
	case reflect.Map:
		return w.entries(v)
	}
	return w.list(v)
}

func (w *writer) list(v reflect.Value) error {
	if v.Type().Elem() == reflect.TypeFor[byte]() && (v.Kind() == reflect.Slice || v.CanAddr()) {
		data := v.Bytes()
		w.tag(tagBytes)
		w.length(len(data))
		w.b = append(w.b, data...)
		return nil
	}
	if v.Type().Elem() == reflect.TypeFor[byte]() { // an array that has no address
		w.tag(tagBytes)
		w.length(v.Len())
		for i := range v.Len() {
			w.b = append(w.b, byte(v.Index(i).Uint()))
		}
		return nil
	}
	w.tag(tagList)
	w.length(v.Len())
	for i := range v.Len() {
		if err := w.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// entries writes a map in the order of its keys' forms. Each entry is written behind what there is, and then put in its place.
func (w *writer) entries(v reflect.Value) error {
	w.tag(tagMap)
	w.length(v.Len())
	from := len(w.b)
	type entry struct{ from, key, end int }
	entries := make([]entry, 0, v.Len())
	for e := v.MapRange(); e.Next(); {
		at := entry{from: len(w.b)}
		if err := w.value(e.Key()); err != nil {
			return err
		}
		at.key = len(w.b)
		if err := w.value(e.Value()); err != nil {
			return err
		}
		at.end = len(w.b)
		entries = append(entries, at)
	}
	written := bytes.Clone(w.b[from:])
	slices.SortFunc(entries, func(a, b entry) int {
		if c := bytes.Compare(written[a.from-from:a.key-from], written[b.from-from:b.key-from]); c != 0 {
			return c
		}
		// Keys of one form: 1 and 1.0 in a map of any. Their values decide, so that the order is one.
		return bytes.Compare(written[a.key-from:a.end-from], written[b.key-from:b.end-from])
	})
	w.b = w.b[:from]
	for _, e := range entries {
		w.b = append(w.b, written[e.from-from:e.end-from]...)
	}
	return nil
}

func (w *writer) structure(v reflect.Value) error {
	t := v.Type()
	if !v.CanAddr() && v.CanInterface() { // an address is what shows times in fields that are not exported
		shown := reflect.New(t).Elem()
		shown.Set(v)
		v = shown
	}
	w.tag(tagStruct)
	w.length(t.NumField())
	for i := range t.NumField() {
		w.text(tagText, t.Field(i).Name)
		if err := w.value(v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

// time writes a time. One in a field that is not exported is read by its address.
func (w *writer) time(v reflect.Value) error {
	switch {
	case v.CanAddr():
		w.instant(*(*time.Time)(v.Addr().UnsafePointer()))
	case v.CanInterface():
		w.instant(v.Interface().(time.Time))
	default:
		return errHiddenTime
	}
	return nil
}

// instant writes an instant and how it is shown. Its fields say more, such as a reading of the monotonic clock.
func (w *writer) instant(t time.Time) {
	zone, offset := t.Zone()
	w.tag(tagTime)
	w.number(uint64(t.Unix()))
	w.number(uint64(t.Nanosecond()))
	w.number(uint64(offset))
	w.text(tagText, zone)
}

var errHiddenTime = errors.New("it holds a time in a map that is not exported")
