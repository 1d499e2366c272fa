package codec

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// appendText writes a string that is valid UTF-8.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		b = appendEscape(b, c)
	}
	return append(append(b, s[from:]...), '"')
}

// appendEscape writes a byte that a text does not have as it is.
func appendEscape(b []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\t':
		return append(b, '\\', 't')
	case '\r':
		return append(b, '\\', 'r')
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// valid says that a text can be written as one.
func valid(s string) bool { return utf8.ValidString(s) }

// appendFloat writes a number so that it is told from a whole one, or the name of one that JSON does not have.
func appendFloat(b []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(b, `"+Inf"`...)
	case math.IsInf(f, -1):
		return append(b, `"-Inf"`...)
	}
	from := len(b)
	b = strconv.AppendFloat(b, f, 'g', -1, bits)
	for _, c := range b[from:] {
		if c == '.' || c == 'e' {
			return b
		}
	}
	return append(b, ".0"...)
}

// finite says that JSON has the number.
func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// appendTime writes a time as RFC 3339 has it; one that it does not have, as seconds, nanoseconds and offset.
func appendTime(b []byte, t time.Time) []byte {
	text := t.Format(time.RFC3339Nano)
	_, offset := t.Zone()
	if back, err := time.Parse(time.RFC3339Nano, text); err == nil && back.Equal(t) {
		if _, same := back.Zone(); same == offset {
			return appendText(b, text)
		}
	}
	b = strconv.AppendInt(append(b, '['), t.Unix(), 10)
	b = strconv.AppendInt(append(b, ','), int64(t.Nanosecond()), 10)
	b = strconv.AppendInt(append(b, ','), int64(offset), 10)
	return append(b, ']')
}
