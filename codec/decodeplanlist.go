package codec

import (
	"encoding/base64"
	"reflect"
)

func (m making) sliceReader(t reflect.Type) reader {
	elem := t.Elem()
	if elem.Kind() == reflect.Uint8 {
		return readBytes
	}
	item, size := m.plan(elem), int(elem.Size())
	if item.own { // moving it to a longer slice would move what its method may have kept
		return readPlainly
	}
	nothing := reflect.MakeSlice(t, 0, 0)
	numbers := elem.Kind() >= reflect.Bool && elem.Kind() <= reflect.Float64
	return func(d *quickDecoder, v reflect.Value) bool {
		if c := d.next(); c != '[' {
			return c == 'n' && d.word("null")
		}
		some, ok := d.enter(']')
		switch {
		case !some:
			v.Set(nothing)
			return ok
		case numbers:
			v.Grow(d.upcoming())
		case size <= 16:
			v.Grow(4)
		}
		for n := 0; some; n++ {
			if !d.take(size) {
				return false
			}
			if n == v.Cap() {
				v.Grow(1) // it doubles
			}
			v.SetLen(n + 1)
			if !item.read(d, v.Index(n)) {
				return false
			}
			some, ok = d.more(']')
		}
		return ok
	}
}

// upcoming is how many numbers follow in a list.
func (d *quickDecoder) upcoming() int {
	n := 1
	for _, c := range d.data[d.at:] {
		switch c {
		case ',':
			n++
		case ']', '[', '{', '"':
			return n
		}
	}
	return n
}

// readBytes reads base64.
func readBytes(d *quickDecoder, v reflect.Value) bool {
	if d.next() != '"' {
		return readPlainly(d, v)
	}
	raw, escaped, ok := d.quoted()
	if !ok || escaped {
		return false
	}
	data := make([]byte, base64.StdEncoding.DecodedLen(len(raw)))
	n, err := base64.StdEncoding.Strict().Decode(data, raw)
	v.SetBytes(data[:n])
	return err == nil
}

func (m making) arrayReader(t reflect.Type) reader {
	if t.Elem().Kind() == reflect.Uint8 {
		return readPlainly
	}
	item, length := m.plan(t.Elem()), t.Len()
	return func(d *quickDecoder, v reflect.Value) bool {
		if d.next() != '[' {
			return false
		}
		n := 0
		some, ok := d.enter(']')
		for some {
			if n == length || !item.read(d, v.Index(n)) {
				return false
			}
			n++
			some, ok = d.more(']')
		}
		return ok && n == length
	}
}

func (m making) mapReader(t reflect.Type) reader {
	value := m.plan(t.Elem())
	switch {
	case t.Key().Kind() != reflect.String || value.own:
		return readPlainly
	case t == reflect.TypeFor[map[string]any]():
		return readObject
	case t == reflect.TypeFor[map[string]string]():
		return readTexts
	}
	size := int(t.Key().Size() + t.Elem().Size())
	return func(d *quickDecoder, v reflect.Value) bool {
		if d.next() != '{' {
			return readPlainly(d, v)
		}
		read := reflect.MakeMap(t)
		k, item := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		n := 0
		some, ok := d.enter('}')
		for some {
			key, isKey := d.key()
			if !isKey || !d.take(size) || !value.read(d, item) {
				return false
			}
			k.SetString(key)
			read.SetMapIndex(k, item)
			item.SetZero()
			n++
			some, ok = d.more('}')
		}
		v.Set(read)
		return ok && read.Len() == n
	}
}

// readObject reads a map[string]any.
func readObject(d *quickDecoder, v reflect.Value) bool {
	if d.next() != '{' {
		return readPlainly(d, v)
	}
	m, ok := d.object(32, true)
	if ok {
		v.Set(reflect.ValueOf(m))
	}
	return ok
}

// readTexts reads a map[string]string.
func readTexts(d *quickDecoder, v reflect.Value) bool {
	if d.next() != '{' {
		return readPlainly(d, v)
	}
	from, n := len(d.texts), 0
	some, ok := d.enter('}')
	for some {
		key, isKey := d.key()
		text, isText := d.plainText()
		if !isKey || !isText || !d.take(32) {
			return false
		}
		d.texts = append(d.texts, key, text)
		n++
		some, ok = d.more('}')
	}
	m := make(map[string]string, n)
	for i := from; i < len(d.texts); i += 2 {
		m[d.texts[i]] = d.texts[i+1]
	}
	clear(d.texts[from:])
	d.texts = d.texts[:from]
	v.Set(reflect.ValueOf(m))
	return ok && len(m) == n
}
