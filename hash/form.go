package hash

import (
	"encoding/binary"
	"math"
)

// form is what is left of a canonical form that a value is compared with. Each method takes off what the writer's method of the same name would
// have written, and says whether it stood there.
type form string

// past takes a prefix off.
func (f form) past(prefix string) (form, bool) {
	if len(f) < len(prefix) || string(f[:len(prefix)]) != prefix {
		return f, false
	}
	return f[len(prefix):], true
}

func (f form) tag(c byte) (form, bool) {
	if len(f) == 0 || f[0] != c {
		return f, false
	}
	return f[1:], true
}

// tagged is a tag and a number.
func (f form) tagged(c byte, n uint64) (form, bool) {
	if len(f) < 9 || f[0] != c || f[1:9].number() != n {
		return f, false
	}
	return f[9:], true
}

// number is the number that 8 bytes are.
func (f form) number() uint64 {
	_ = f[7]
	return uint64(f[7]) | uint64(f[6])<<8 | uint64(f[5])<<16 | uint64(f[4])<<24 | uint64(f[3])<<32 | uint64(f[2])<<40 | uint64(f[1])<<48 | uint64(f[0])<<56
}

// sized is a tag and a length.
func (f form) sized(c byte, n int) (form, bool) {
	if len(f) < 2 || f[0] != c {
		return f, false
	}
	if n < 0x80 {
		return f[2:], f[1] == byte(n)
	}
	var b [binary.MaxVarintLen64]byte
	return f[1:].past(string(b[:binary.PutUvarint(b[:], uint64(n))]))
}

func (f form) text(tag byte, s string) (form, bool) {
	f, ok := f.sized(tag, len(s))
	if !ok {
		return f, false
	}
	return f.past(s)
}

// key takes off a text, whichever it is.
func (f form) key() (s string, rest form, ok bool) {
	if len(f) < 2 || f[0] != tagText {
		return "", f, false
	}
	n, at := int(f[1]), 2
	if n >= 0x80 {
		long, size := binary.Uvarint([]byte(f[1:min(len(f), 1+binary.MaxVarintLen64)]))
		if size <= 0 || long > uint64(len(f)) {
			return "", f, false
		}
		n, at = int(long), 1+size
	}
	if len(f)-at < n {
		return "", f, false
	}
	return string(f[at : at+n]), f[at+n:], true
}

func (f form) truth(is bool) (form, bool) {
	if is {
		return f.tag(tagTrue)
	}
	return f.tag(tagFalse)
}

func (f form) whole(i int64) (form, bool) { return f.tagged(tagWhole, uint64(i)) }

func (f form) natural(u uint64) (form, bool) {
	if u <= math.MaxInt64 {
		return f.whole(int64(u))
	}
	return f.tagged(tagLarge, u)
}

// float finds no NaN: that has no form.
func (f form) float(x float64) (form, bool) {
	switch {
	case x == math.Trunc(x) && x >= -(1<<63) && x < 1<<63:
		return f.whole(int64(x))
	case x == math.Trunc(x) && x >= 1<<63 && x < 1<<64:
		return f.natural(uint64(x))
	case x != x:
		return f, false
	}
	return f.tagged(tagFloat, math.Float64bits(x))
}
