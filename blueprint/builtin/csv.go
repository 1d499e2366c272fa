package builtin

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// csvFormat reads one record of RFC 4180. A quoted field cannot hold a line end, since a line is all there is.
func csvFormat(columns []string, delimiter rune) lineFormat {
	return func(line string) (map[string]any, error) {
		fields := make(map[string]any, len(columns))
		n, rest, more := 0, line, true
		for more {
			var field string
			var err error
			if field, rest, more, err = csvField(rest, delimiter); err != nil {
				return nil, fmt.Errorf("field %d: %w", n+1, err)
			}
			if n < len(columns) {
				fields[columns[n]] = field
			}
			n++
		}
		if n != len(columns) {
			return nil, fmt.Errorf("expected the %d fields %s, found %d", len(columns), strings.Join(columns, ", "), n)
		}
		return fields, nil
	}
}

// csvField cuts off the first field; more says that a delimiter followed it.
func csvField(s string, delimiter rune) (field, rest string, more bool, err error) {
	width := utf8.RuneLen(delimiter)
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexRune(s, delimiter)
		if end < 0 {
			end = len(s)
		}
		if strings.IndexByte(s[:end], '"') >= 0 {
			return "", "", false, errors.New("a quote inside of a field that does not begin with one; quote the field and double the quote")
		}
		if end == len(s) {
			return s, "", false, nil
		}
		return s[:end], s[end+width:], true, nil
	}
	field, rest, err = csvQuoted(s[1:])
	if err != nil || rest == "" {
		return field, "", false, err
	}
	if r, _ := utf8.DecodeRuneInString(rest); r != delimiter {
		return "", "", false, fmt.Errorf("expected %q after the closing quote, found %s", delimiter, excerpt(rest))
	}
	return field, rest[width:], true, nil
}

// csvQuoted reads up to the closing quote; two quotes are one.
func csvQuoted(s string) (field, rest string, err error) {
	var b strings.Builder
	for {
		end := strings.IndexByte(s, '"')
		if end < 0 {
			return "", "", errors.New("expected a closing quote, found the end of the line")
		}
		if !strings.HasPrefix(s[end+1:], `"`) {
			if b.Len() == 0 {
				return s[:end], s[end+1:], nil
			}
			b.WriteString(s[:end])
			return b.String(), s[end+1:], nil
		}
		b.WriteString(s[:end+1])
		s = s[end+2:]
	}
}
