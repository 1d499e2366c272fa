package codec

import (
	"bytes"
	"reflect"
	"slices"
	"strconv"
)

// quickEncoder writes one value by plans. What is rare it leaves to the encoder that it holds.
type quickEncoder struct {
	encoder
	keys []string // of the maps that are open
}

// encode writes a value by plans. It gives false where the plain way must say what is wrong.
func (c *JSON) encode(v any) (data []byte, ok bool) {
	e, _ := c.quick.encoders.Get().(*quickEncoder)
	if e == nil {
		e = &quickEncoder{encoder: encoder{c: c}}
	}
	if ok = e.dynamic(v); ok && len(e.b) > maxKept {
		data = e.b // it is not kept
	} else if ok {
		data = bytes.Clone(e.b)
	}
	c.give(e)
	return data, ok
}

// give keeps an encoder for the next value. It holds on to nothing of the last one.
func (c *JSON) give(e *quickEncoder) {
	clear(e.keys)
	e.b, e.depth, e.open, e.keys = e.b[:0], 0, nil, e.keys[:0]
	if cap(e.b) <= maxKept && cap(e.keys) <= maxKept/16 {
		c.quick.encoders.Put(e)
	}
}

// dynamic writes a value whose type the reader does not know.
func (e *quickEncoder) dynamic(v any) bool {
	if e.depth >= handover {
		return e.encoder.dynamic(v) == nil
	}
	switch v := v.(type) {
	case nil:
		e.null()
		return true
	case bool:
		e.b = strconv.AppendBool(e.b, v)
		return true
	case int64:
		e.b = strconv.AppendInt(e.b, v, 10)
		return true
	case float64:
		if finite(v) {
			e.b = appendFloat(e.b, v, 64)
			return true
		}
	case string:
		if e.quote(v) {
			return true
		}
	case []any:
		if v != nil {
			return e.values(v)
		}
	case map[string]any:
		if _, tagged := v[tagKey]; !tagged && v != nil && texts(v) {
			return object(e, v, (*quickEncoder).dynamic)
		}
	}
	return e.typed(v)
}

// typed writes a value with its type.
func (e *quickEncoder) typed(v any) bool {
	p := e.c.plan(reflect.TypeOf(v))
	head := p.begin(e.c)
	if head == nil {
		return false
	}
	e.b = append(e.b, head...)
	e.depth++
	if !p.write(e, reflect.ValueOf(v)) {
		return false
	}
	e.end('}')
	return true
}

func (e *quickEncoder) null() { e.b = append(e.b, "null"...) }

// bracket opens a bracket. Handover keeps it from getting too deep.
func (e *quickEncoder) bracket(bracket byte) {
	e.depth++
	e.b = append(e.b, bracket)
}

// quote writes a string if it is a text.
func (e *quickEncoder) quote(s string) bool {
	n := ordinary(s)
	if n == len(s) {
		e.b = append(append(append(e.b, '"'), s...), '"')
		return true
	}
	if !valid(s[n:]) {
		return false
	}
	b := append(append(e.b, '"'), s[:n]...)
	for from := n; ; from++ {
		at := untilSpecial(s, from)
		b = append(b, s[from:at]...)
		if from = at; at == len(s) {
			break
		}
		b = appendEscape(b, s[at])
	}
	e.b = append(b, '"')
	return true
}

func (e *quickEncoder) values(list []any) bool {
	e.bracket('[')
	for i, v := range list {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		if !e.dynamic(v) {
			return false
		}
	}
	e.end(']')
	return true
}

// texts says that all keys are texts.
func texts[V any](m map[string]V) bool {
	for k := range m {
		if ordinary(k) < len(k) && !valid(k) {
			return false
		}
	}
	return true
}

// object writes a map whose keys are texts, in their order.
func object[V any](e *quickEncoder, m map[string]V, write func(*quickEncoder, V) bool) bool {
	e.bracket('{')
	from := len(e.keys)
	for k := range m {
		e.keys = append(e.keys, k)
	}
	keys := e.keys[from:]
	slices.Sort(keys)
	for i, k := range keys {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.quote(k)
		e.b = append(e.b, ':')
		if !write(e, m[k]) {
			return false
		}
	}
	clear(keys)
	e.keys = e.keys[:from]
	e.end('}')
	return true
}
