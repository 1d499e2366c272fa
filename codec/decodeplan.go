package codec

import (
	"reflect"
	"strconv"
	"time"
)

// reader makes what reads values of a type: as decoder.into does.
func (m making) reader(t reflect.Type) reader {
	switch t.Kind() {
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return readUint
	case reflect.Float32, reflect.Float64:
		return floatReader(t.Bits())
	case reflect.String:
		return readString
	case reflect.Slice:
		return m.sliceReader(t)
	case reflect.Array:
		return m.arrayReader(t)
	case reflect.Map:
		return m.mapReader(t)
	case reflect.Pointer:
		return m.pointerReader(t)
	case reflect.Interface:
		return interfaceReader(t)
	case reflect.Struct:
		return m.structReader(t, m.c.shapeOf(t))
	}
	return readPlainly
}

// readPlainly leaves a value to the plain way, which must know that it is JSON.
func readPlainly(d *quickDecoder, v reflect.Value) bool {
	from := d.at
	if !d.pass() {
		return false
	}
	end := d.at
	d.at = from
	return d.into(v) == nil && d.at == end // the plain way takes a word to be as long as it is
}

func readBool(d *quickDecoder, v reflect.Value) bool {
	if d.next() == 't' {
		v.SetBool(true)
		return d.word("true")
	}
	return d.word("false")
}

func readInt(d *quickDecoder, v reflect.Value) bool {
	raw, whole, ok := d.digits()
	if !ok || !whole {
		return false
	}
	i, ok := integer(raw)
	if !ok || v.OverflowInt(i) {
		return false
	}
	v.SetInt(i)
	return true
}

func readUint(d *quickDecoder, v reflect.Value) bool {
	raw, whole, ok := d.digits()
	if !ok || !whole {
		return false
	}
	u, err := strconv.ParseUint(string(raw), 10, 64)
	if err != nil || v.OverflowUint(u) {
		return false
	}
	v.SetUint(u)
	return true
}

func floatReader(bits int) reader {
	return func(d *quickDecoder, v reflect.Value) bool {
		if d.next() == '"' { // the name of one that JSON does not have
			return readPlainly(d, v)
		}
		raw, _, ok := d.digits()
		if !ok {
			return false
		}
		f, err := strconv.ParseFloat(string(raw), bits)
		v.SetFloat(f)
		return err == nil
	}
}

func readString(d *quickDecoder, v reflect.Value) bool {
	if d.next() != '"' {
		return readPlainly(d, v)
	}
	s, ok := d.plainText()
	v.SetString(s)
	return ok
}

// null goes past a null.
func (d *quickDecoder) null() bool { return d.next() == 'n' && d.word("null") }

func (m making) pointerReader(t reflect.Type) reader {
	to, size, nullable := m.plan(t.Elem()), int(t.Elem().Size()), m.c.nullable(t.Elem())
	return func(d *quickDecoder, v reflect.Value) bool {
		if d.null() {
			return true
		}
		if !d.take(size) {
			return false
		}
		p := reflect.New(to.typ)
		v.Set(p.Convert(t))
		if !nullable {
			return to.read(d, p.Elem())
		}
		if d.next() != '[' {
			return false
		}
		if some, ok := d.enter(']'); !some || !ok || !to.read(d, p.Elem()) || !d.follows(']') {
			return false
		}
		d.depth--
		return true
	}
}

func interfaceReader(t reflect.Type) reader {
	return func(d *quickDecoder, v reflect.Value) bool {
		value, ok := d.dynamic()
		if !ok || value == nil {
			return ok
		}
		held := reflect.ValueOf(value)
		if !held.Type().AssignableTo(t) {
			return false
		}
		v.Set(held)
		return true
	}
}

// structReader makes what reads a struct of a shape.
func (m making) structReader(t reflect.Type, s *shape) reader {
	if s.by == byTime {
		return readTime
	}
	if s.by != byFields || len(s.fields) > 64 { // so many are marked as seen in a word
		return readPlainly
	}
	plans := make([]*plan, len(s.fields))
	for i, f := range s.fields {
		if inner := t.Field(f.index).Type; f.within {
			plans[i] = &plan{read: m.structReader(inner, m.c.bare(inner))}
		} else {
			plans[i] = m.plan(inner)
		}
	}
	return func(d *quickDecoder, v reflect.Value) bool {
		if d.next() != '{' {
			return false
		}
		var seen uint64
		last := -1
		some, ok := d.enter('}')
		for some {
			raw, escaped, isKey := d.quoted()
			if !isKey || escaped || !d.follows(':') {
				return false
			}
			last = s.find(raw, last+1)
			if last < 0 || seen&(1<<last) != 0 {
				return false
			}
			seen |= 1 << last
			if !plans[last].read(d, v.Field(s.fields[last].index)) {
				return false
			}
			some, ok = d.more('}')
		}
		return ok
	}
}

// find gives the field of a name, or -1. It looks first where the name should be.
func (s *shape) find(name []byte, at int) int {
	if at < len(s.fields) && s.fields[at].name == string(name) {
		return at
	}
	for i := range s.fields {
		if s.fields[i].name == string(name) {
			return i
		}
	}
	return -1
}

func readTime(d *quickDecoder, v reflect.Value) bool {
	if d.next() != '"' {
		return readPlainly(d, v)
	}
	raw, escaped, ok := d.quoted()
	if !ok || escaped {
		return false
	}
	t, err := time.Parse(time.RFC3339Nano, string(raw))
	*v.Addr().Interface().(*time.Time) = t
	return err == nil
}
