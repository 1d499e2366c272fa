package codec

import (
	"unicode/utf16"
	"unicode/utf8"
)

// quoted goes past a string that comes next, and gives what stands between its quotes.
func (d *quickDecoder) quoted() (raw []byte, escaped, ok bool) {
	if d.next() != '"' {
		return nil, false, false
	}
	from := d.at + 1
	for at := from; ; {
		at = untilSpecial(d.data, at)
		switch {
		case at == len(d.data) || d.data[at] < ' ':
			return nil, false, false
		case d.data[at] == '"':
			d.at = at + 1
			return d.data[from:at], escaped, true
		}
		n := escape(d.data[at:])
		if n == 0 {
			return nil, false, false
		}
		escaped = true
		at += n
	}
}

// escape is how long the escape is that b begins with; 0 for none.
func escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if unit(b) >= 0 {
			return 6
		}
	}
	return 0
}

// unit reads \uXXXX; -1 for what is none.
func unit(b []byte) rune {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// unescaped appends what stands for raw, whose escapes are right. As in encoding/json half of a pair becomes U+FFFD.
func unescaped(b, raw []byte) []byte {
	for len(raw) > 0 {
		n := untilSpecial(raw, 0)
		b, raw = append(b, raw[:n]...), raw[n:]
		if len(raw) == 0 {
			break
		}
		if raw[1] != 'u' {
			b, raw = append(b, meant(raw[1])), raw[2:]
			continue
		}
		r := unit(raw)
		raw = raw[6:]
		if utf16.IsSurrogate(r) {
			if r = utf16.DecodeRune(r, unit(raw)); r != utf8.RuneError {
				raw = raw[6:]
			}
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

// meant is the byte that an escape of two stands for.
func meant(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// plainText reads a string.
func (d *quickDecoder) plainText() (string, bool) {
	raw, escaped, ok := d.quoted()
	if escaped {
		d.scratch = unescaped(d.scratch[:0], raw)
		raw = d.scratch
	}
	return string(raw), ok
}

// key reads a string that stands before a colon, and goes past that.
func (d *quickDecoder) key() (string, bool) {
	raw, escaped, ok := d.quoted()
	if !ok || !d.follows(':') {
		return "", false
	}
	if escaped {
		d.scratch = unescaped(d.scratch[:0], raw)
		return string(d.scratch), true
	}
	n := len(raw)
	if n == 0 || n > 32 {
		return string(raw), true
	}
	known := &d.keys[(uint(raw[0])^uint(raw[n/2])<<1^uint(raw[n-1])<<2^uint(n)<<3)%uint(len(d.keys))]
	if *known != string(raw) {
		*known = string(raw)
	}
	return *known, true
}
