package builtin

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// converter makes a typed value of a field.
type converter struct {
	field string
	want  string
	to    func(v any) (any, bool)
}

// converters checks types; known are the fields that there can be, nil when any can.
func converters(m *mistakes, types map[string]string, known []string) []converter {
	list := make([]converter, 0, len(types))
	for _, field := range slices.Sorted(maps.Keys(types)) {
		key := "types." + field
		if known != nil && !slices.Contains(known, field) {
			m.add(key, "there is no such field; there are %s", strings.Join(known, ", "))
		}
		c := converter{field: field}
		switch types[field] {
		case "int":
			c.want, c.to = "a whole number", toInt
		case "float":
			c.want, c.to = "a number", toFloat
		case "bool":
			c.want, c.to = "true or false", toBool
		case "time":
			c.want, c.to = "a time", toTime
		default:
			m.add(key, "%q is not one of int, float, bool, time", types[field])
		}
		list = append(list, c)
	}
	return list
}

// typed puts converters behind a format.
func typed(format lineFormat, list []converter) lineFormat {
	if len(list) == 0 {
		return format
	}
	return func(line string) (map[string]any, error) {
		fields, err := format(line)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			v := fields[c.field]
			if v == nil {
				continue
			}
			converted, ok := c.to(v)
			if !ok {
				return nil, fmt.Errorf("field %s: expected %s, found %s", c.field, c.want, excerpt(v))
			}
			fields[c.field] = converted
		}
		return fields, nil
	}
}

// excerpt shows a value from outside, quoted and short.
func excerpt(v any) string {
	text, ok := v.(string)
	if !ok {
		return describe(v)
	}
	if len(text) > 40 {
		return strconv.Quote(strings.ToValidUTF8(text[:40], "")) + "…"
	}
	return strconv.Quote(text)
}

func toInt(v any) (any, bool) {
	if text, ok := v.(string); ok {
		n, err := strconv.ParseInt(text, 10, 64)
		return n, err == nil
	}
	n, ok := toNumber(v)
	return n.whole, ok && n.isWhole
}

func toFloat(v any) (any, bool) {
	if text, ok := v.(string); ok {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, false
		}
		v = f // NaN and Inf are refused below
	}
	n, ok := toNumber(v)
	return n.float, ok
}

func toBool(v any) (any, bool) {
	if b, ok := v.(bool); ok {
		return b, true
	}
	text, _ := v.(string)
	b, err := strconv.ParseBool(text)
	return b, err == nil
}

func toTime(v any) (any, bool) {
	text, _ := v.(string)
	if formatted, ok := logTime(text); ok {
		return formatted, true
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return t.Format(time.RFC3339Nano), err == nil
}
