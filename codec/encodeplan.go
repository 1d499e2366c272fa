package codec

import (
	"reflect"
	"strconv"
	"time"
)

// writer makes what writes values of a type that the reader knows: as encoder.body does.
func (m making) writer(t reflect.Type) writer {
	switch t.Kind() {
	case reflect.Bool:
		return func(e *quickEncoder, v reflect.Value) bool { e.b = strconv.AppendBool(e.b, v.Bool()); return true }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(e *quickEncoder, v reflect.Value) bool { e.b = strconv.AppendInt(e.b, v.Int(), 10); return true }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(e *quickEncoder, v reflect.Value) bool { e.b = strconv.AppendUint(e.b, v.Uint(), 10); return true }
	case reflect.Float32, reflect.Float64:
		bits := t.Bits()
		return func(e *quickEncoder, v reflect.Value) bool { e.b = appendFloat(e.b, v.Float(), bits); return true }
	case reflect.String:
		return writeString
	case reflect.Slice, reflect.Array:
		return m.listWriter(t)
	case reflect.Map:
		return m.mapWriter(t)
	case reflect.Pointer:
		return m.pointerWriter(t)
	case reflect.Interface:
		return func(e *quickEncoder, v reflect.Value) bool {
			if v.IsNil() {
				e.null()
				return true
			}
			return e.dynamic(v.Elem().Interface())
		}
	case reflect.Struct:
		return m.structWriter(t, m.c.shapeOf(t))
	}
	return writePlainly
}

// writePlainly leaves a value to the plain way.
func writePlainly(e *quickEncoder, v reflect.Value) bool { return e.body(v) == nil }

func writeString(e *quickEncoder, v reflect.Value) bool {
	return e.quote(v.String()) || writePlainly(e, v)
}

func (m making) listWriter(t reflect.Type) writer {
	slice := t.Kind() == reflect.Slice
	if t.Elem().Kind() == reflect.Uint8 {
		return writePlainly
	}
	item := m.plan(t.Elem())
	return func(e *quickEncoder, v reflect.Value) bool {
		switch {
		case slice && v.IsNil():
			e.null()
			return true
		case e.depth >= handover:
			return writePlainly(e, v)
		}
		e.bracket('[')
		for i := range v.Len() {
			if i > 0 {
				e.b = append(e.b, ',')
			}
			if !item.write(e, v.Index(i)) {
				return false
			}
		}
		e.end(']')
		return true
	}
}

func (m making) mapWriter(t reflect.Type) writer {
	switch {
	case t == reflect.TypeFor[map[string]any]():
		return mapWriterOf((*quickEncoder).dynamic)
	case t == reflect.TypeFor[map[string]string]():
		return mapWriterOf((*quickEncoder).quote)
	case t.Key().Kind() != reflect.String:
		return writePlainly
	}
	value := m.plan(t.Elem())
	return func(e *quickEncoder, v reflect.Value) bool {
		if v.IsNil() || e.depth >= handover {
			return writePlainly(e, v)
		}
		values := make(map[string]reflect.Value, v.Len())
		for i := v.MapRange(); i.Next(); {
			values[i.Key().String()] = i.Value()
		}
		return texts(values) && object(e, values, value.write) // a map with other keys is rare
	}
}

// mapWriterOf writes maps of a type without a name, which need no reflection.
func mapWriterOf[V any](write func(*quickEncoder, V) bool) writer {
	return func(e *quickEncoder, v reflect.Value) bool {
		m := v.Interface().(map[string]V)
		if m == nil || e.depth >= handover || !texts(m) {
			return writePlainly(e, v)
		}
		return object(e, m, write)
	}
}

func (m making) pointerWriter(t reflect.Type) writer {
	to, nullable := m.plan(t.Elem()), m.c.nullable(t.Elem())
	return func(e *quickEncoder, v reflect.Value) bool {
		switch {
		case v.IsNil():
			e.null()
			return true
		case !nullable:
			return to.write(e, v.Elem())
		case e.depth >= handover:
			return writePlainly(e, v)
		}
		e.bracket('[')
		if !to.write(e, v.Elem()) {
			return false
		}
		e.end(']')
		return true
	}
}

// structWriter makes what writes a struct of a shape.
func (m making) structWriter(t reflect.Type, s *shape) writer {
	switch s.by {
	case byTime:
		return writeTime
	case byFields:
	default:
		return writePlainly
	}
	type part struct {
		head  []byte
		index int
		plan  *plan
	}
	var parts []part
	for i, f := range s.fields {
		p := part{index: f.index, head: append(appendText(nil, f.name), ':')}
		if i > 0 {
			p.head = append([]byte{','}, p.head...)
		}
		if inner := t.Field(f.index).Type; f.within {
			p.plan = &plan{write: m.structWriter(inner, m.c.bare(inner))}
		} else {
			p.plan = m.plan(inner)
		}
		parts = append(parts, p)
	}
	return func(e *quickEncoder, v reflect.Value) bool {
		if e.depth >= handover {
			return e.fields(v, s) == nil
		}
		for _, i := range s.hidden {
			if !v.Field(i).IsZero() {
				return false
			}
		}
		e.bracket('{')
		for i := range parts {
			p := &parts[i]
			e.b = append(e.b, p.head...)
			if !p.plan.write(e, v.Field(p.index)) {
				return false
			}
		}
		e.end('}')
		return true
	}
}

// writeTime writes a time as appendTime does. Those of the years and zones that RFC 3339 has come back, and need no test of it.
func writeTime(e *quickEncoder, v reflect.Value) bool {
	var t time.Time
	if v.CanAddr() {
		t = *v.Addr().Interface().(*time.Time)
	} else {
		t = v.Interface().(time.Time)
	}
	const day = 24 * 60 * 60
	if _, offset := t.Zone(); offset%60 != 0 || offset <= -day || offset >= day || t.Year() < 0 || t.Year() > 9999 {
		e.b = appendTime(e.b, t)
		return true
	}
	e.b = append(t.AppendFormat(append(e.b, '"'), time.RFC3339Nano), '"')
	return true
}
