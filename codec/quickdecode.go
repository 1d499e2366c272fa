package codec

import (
	"bytes"
	"reflect"
	"strconv"
)

// decode reads data, which is text, as a t by plans. It gives false where the plain way must say what is wrong.
func (c *JSON) decode(data []byte, t reflect.Type) (v any, ok bool) {
	if t != nil && t.Kind() != reflect.Interface {
		c = c.knowing(t)
	}
	d, _ := c.quick.decoders.Get().(*quickDecoder)
	if d == nil {
		d = &quickDecoder{decoder: decoder{c: c}}
	}
	d.data, d.room = data, room(len(data))
	if v, ok = d.top(t); ok {
		ok = d.next() == 0 && d.at == len(data)
	}
	c.giveBack(d)
	return v, ok
}

// giveBack keeps a decoder for the next value. It holds on to nothing of the last one but for some short keys.
func (c *JSON) giveBack(d *quickDecoder) {
	clear(d.items)
	clear(d.texts)
	d.data, d.at, d.depth, d.items, d.texts = nil, 0, 0, d.items[:0], d.texts[:0]
	if cap(d.scratch) <= maxKept && cap(d.items) <= maxKept/16 && cap(d.texts) <= maxKept/16 {
		c.quick.decoders.Put(d)
	}
}

// top reads the whole value as a t.
func (d *quickDecoder) top(t reflect.Type) (any, bool) {
	tagged := d.next() == '{' && d.begins()
	if t != nil && t.Kind() != reflect.Interface && !tagged {
		return d.c.plan(t).value(d)
	}
	v, ok := d.dynamic()
	if ok && t != nil && (v != nil || tagged) {
		ok = fits(v, t) == nil
	}
	return v, ok
}

// begins says that the object that begins here names its type. It stays where it is.
func (d *quickDecoder) begins() bool {
	at := d.at
	d.at++
	d.next()
	named := d.starts(quotedTag)
	d.at = at
	return named
}

// The keys of a value that is written with its type, as they stand there.
const quotedTag, quotedValue = `"` + tagKey + `"`, `"` + valueKey + `"`

// dynamic reads a value that says itself what it is.
func (d *quickDecoder) dynamic() (any, bool) {
	switch d.next() {
	case 'n':
		return nil, d.word("null")
	case 't':
		return true, d.word("true")
	case 'f':
		return false, d.word("false")
	case '"':
		return d.boxedText()
	case '[':
		return d.list()
	case '{':
		if d.begins() {
			return d.typed()
		}
		return d.object(64, false)
	}
	raw, whole, ok := d.digits()
	if !ok {
		return nil, false
	}
	if whole {
		i, ok := integer(raw)
		return i, ok
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	return f, err == nil
}

func (d *quickDecoder) boxedText() (any, bool) {
	s, ok := d.plainText()
	return s, ok
}

// integer reads a whole number of 64 bits.
func integer(raw []byte) (int64, bool) {
	if len(raw) > 18 { // of fewer digits none is out of range
		i, err := strconv.ParseInt(string(raw), 10, 64)
		return i, err == nil
	}
	digits := bytes.TrimPrefix(raw, []byte{'-'})
	var i int64
	for _, c := range digits {
		i = i*10 + int64(c-'0')
	}
	if len(digits) < len(raw) {
		i = -i
	}
	return i, true
}

// list reads a list of values that say themselves what they are.
func (d *quickDecoder) list() (any, bool) {
	from := len(d.items)
	some, ok := d.enter(']')
	for some {
		v, read := d.dynamic()
		if !read || !d.take(16) {
			return nil, false
		}
		d.items = append(d.items, v)
		some, ok = d.more(']')
	}
	read := append([]any{}, d.items[from:]...)
	clear(d.items[from:])
	d.items = d.items[:from]
	return read, ok
}

// object reads an object whose values say themselves what they are. Each takes so many bytes. Where the type of a map is named its
// keys may be any.
func (d *quickDecoder) object(each int, named bool) (any, bool) {
	items, texts := len(d.items), len(d.texts)
	some, ok := d.enter('}')
	for some {
		key, isKey := d.key()
		if !isKey || key == tagKey && !named {
			return nil, false
		}
		v, read := d.dynamic()
		if !read || !d.take(each) {
			return nil, false
		}
		d.items, d.texts = append(d.items, v), append(d.texts, key)
		some, ok = d.more('}')
	}
	keys, values := d.texts[texts:], d.items[items:]
	m := make(map[string]any, len(keys))
	for i, key := range keys {
		m[key] = values[i]
	}
	once := len(m) == len(keys)
	clear(keys)
	clear(values)
	d.items, d.texts = d.items[:items], d.texts[:texts]
	return m, ok && once
}

// typed reads {"$": type, "v": value}.
func (d *quickDecoder) typed() (any, bool) {
	if _, ok := d.enter('}'); !ok || !d.field(quotedTag) {
		return nil, false
	}
	name, escaped, ok := d.quoted()
	if !ok || escaped {
		return nil, false
	}
	p := d.c.planNamed(name)
	if p == nil || !d.take(int(p.typ.Size())) || !d.follows(',') || !d.field(quotedValue) {
		return nil, false
	}
	v, ok := p.value(d)
	if !ok || !d.follows('}') {
		return nil, false
	}
	d.depth--
	return v, true
}

// field goes past a key that must come next, and its colon.
func (d *quickDecoder) field(quoted string) bool {
	d.next()
	return d.word(quoted) && d.follows(':')
}

// value reads a value of the plan's type into memory that is used again, where that is safe: what is given is a copy.
func (p *plan) value(d *quickDecoder) (any, bool) {
	if p.own || p.typ.Size() > 4<<10 {
		to := reflect.New(p.typ).Elem()
		return boxed(to, p.read(d, to))
	}
	held := p.idle.Get()
	if held == nil {
		held = reflect.New(p.typ).Interface()
	}
	to := reflect.ValueOf(held).Elem()
	v, ok := boxed(to, p.read(d, to))
	to.SetZero()
	p.idle.Put(held)
	return v, ok
}

func boxed(v reflect.Value, ok bool) (any, bool) {
	if !ok {
		return nil, false
	}
	return v.Interface(), true
}
