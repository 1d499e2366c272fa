package hash

import (
	"encoding/binary"
	"reflect"
	"sync"
	"time"
)

// plan gives what writes values of a type. Whatever has no plan of its own is left to the plain writer.
func (e *Encoder) plan(t reflect.Type) appender {
	if known, ok := e.plans.Load(t); ok {
		return known.(appender)
	}
	made, _ := e.plans.LoadOrStore(t, e.compile(t))
	return made.(appender)
}

// later is plan when it is first needed: what a pointer or a list leads to may be what holds it.
func (e *Encoder) later(t reflect.Type) appender {
	plan := sync.OnceValue(func() appender { return e.plan(t) })
	return func(q *quick, v reflect.Value) error { return plan()(q, v) }
}

func (e *Encoder) compile(t reflect.Type) appender {
	if t == reflect.TypeFor[time.Time]() {
		return func(q *quick, v reflect.Value) error { return q.time(v) }
	}
	switch t.Kind() {
	case reflect.Struct:
		return e.structure(t)
	case reflect.Interface:
		return e.dynamic(t)
	case reflect.Pointer:
		return e.pointer(t)
	case reflect.Slice, reflect.Array:
		return e.list(t)
	case reflect.Map:
		if t == reflect.TypeFor[map[string]any]() {
			return object
		}
	}
	if write := leaf(t.Kind()); write != nil {
		return named(t, write)
	}
	return plainly
}

// plainly leaves a value to the plain writer.
func plainly(q *quick, v reflect.Value) error { return q.writer.value(v) }

// object writes a map where it stands in a field that is exported.
func object(q *quick, v reflect.Value) error {
	if q.depth >= handover || !v.CanInterface() {
		return q.writer.value(v)
	}
	return q.object(v.Interface().(map[string]any))
}

// leaf writes values that hold no others; nil where a kind has some.
func leaf(k reflect.Kind) appender {
	switch k {
	case reflect.Bool:
		return func(q *quick, v reflect.Value) error { q.truth(v.Bool()); return nil }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(q *quick, v reflect.Value) error { q.whole(v.Int()); return nil }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(q *quick, v reflect.Value) error { q.natural(v.Uint()); return nil }
	case reflect.Float32, reflect.Float64:
		return func(q *quick, v reflect.Value) error { return q.float(v.Float()) }
	case reflect.String:
		return func(q *quick, v reflect.Value) error { q.text(tagText, v.String()); return nil }
	}
	return nil
}

// name is what begins the form of a type with a name.
func name(t reflect.Type) []byte {
	if t.PkgPath() == "" {
		return nil
	}
	var w writer
	w.text(tagNamed, t.PkgPath()+"."+t.Name())
	return w.b
}

// named puts the name of a type before its leaves.
func named(t reflect.Type, write appender) appender {
	prefix := name(t)
	if prefix == nil {
		return write
	}
	return func(q *quick, v reflect.Value) error {
		q.b = append(q.b, prefix...)
		return write(q, v)
	}
}

// inside puts the name of a type before what holds other values: write finds them one deeper. Deep ones go to the plain writer.
func inside(t reflect.Type, write appender) appender {
	prefix := name(t)
	return func(q *quick, v reflect.Value) error {
		if q.depth >= handover {
			return q.writer.value(v)
		}
		q.b = append(q.b, prefix...)
		q.depth++
		err := write(q, v)
		q.depth--
		return err
	}
}

func (e *Encoder) dynamic(t reflect.Type) appender {
	return inside(t, func(q *quick, v reflect.Value) error {
		in := v.Elem()
		switch {
		case !in.IsValid():
			q.tag(tagNil)
			return nil
		case in.CanInterface():
			return q.any(v.Interface())
		}
		return e.plan(in.Type())(q, in)
	})
}

func (e *Encoder) pointer(t reflect.Type) appender {
	write := e.later(t.Elem())
	return inside(t, func(q *quick, v reflect.Value) error {
		if v.IsNil() {
			q.tag(tagNil)
			return nil
		}
		q.tag(tagPointer)
		return write(q, v.Elem())
	})
}

func (e *Encoder) list(t reflect.Type) appender {
	if t.Elem() == reflect.TypeFor[byte]() {
		return plainly
	}
	write := e.later(t.Elem())
	return inside(t, func(q *quick, v reflect.Value) error {
		if v.Kind() == reflect.Slice && v.IsNil() {
			q.tag(tagNil)
			return nil
		}
		n := v.Len()
		q.tag(tagList)
		q.length(n)
		for i := range n {
			if err := write(q, v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// part is a field: its name as it is written, and its plan.
type part struct {
	name  []byte
	write appender
}

func (e *Encoder) structure(t reflect.Type) appender {
	head := binary.AppendUvarint([]byte{tagStruct}, uint64(t.NumField()))
	parts := make([]part, 0, t.NumField())
	for f := range t.Fields() {
		var w writer
		w.text(tagText, f.Name)
		parts = append(parts, part{w.b, e.plan(f.Type)})
	}
	hidden := hidesTime(t, false)
	return inside(t, func(q *quick, v reflect.Value) error {
		if hidden && !v.CanAddr() && v.CanInterface() { // an address is what shows times in fields that are not exported
			shown := reflect.New(t).Elem()
			shown.Set(v)
			v = shown
		}
		q.b = append(q.b, head...)
		for i := range parts {
			q.b = append(q.b, parts[i].name...)
			if err := parts[i].write(q, v.Field(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// hidesTime says that values of t hold a time, by value, in a field that is not exported.
func hidesTime(t reflect.Type, hidden bool) bool {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return hidden
	case t.Kind() == reflect.Array:
		return hidesTime(t.Elem(), hidden)
	case t.Kind() == reflect.Struct:
		for f := range t.Fields() {
			if hidesTime(f.Type, hidden || !f.IsExported()) {
				return true
			}
		}
	}
	return false
}
