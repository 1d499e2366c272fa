package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// excerptLen is how many characters of a value Excerpt shows.
const excerptLen = 160

// Excerpt writes a value as somebody wrote it, for Explain: text in quotes, lists and maps as YAML has them on one line, cut to
// a length that a person reads.
func Excerpt(v any) string {
	if text, ok := v.(string); ok {
		return `"` + Line(text) + `"`
	}
	return Line(flow(v))
}

// flow writes a value on one line: {name: requests, op: count}.
func flow(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		if bare(v) {
			return v
		}
		return `"` + v + `"`
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = flow(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		parts := make([]string, 0, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, key+": "+flow(v[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// bare says that a text needs no quotes to be told from what stands round it.
func bare(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '_' && r != '-' && r != '.' && r != '/' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// Ticked writes an expression as somebody wrote it, for Explain: between backquotes, otherwise as Excerpt does.
func Ticked(source string) string { return "`" + Line(source) + "`" }

// Line writes a text for people on one line, cut to a length that a person reads, without what would disturb a terminal.
func Line(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
	if r := []rune(text); len(r) > excerptLen {
		return string(r[:excerptLen-1]) + "…"
	}
	return text
}

// Span writes a time for people, with about three digits: 500 ms, 1.5 s, 2 min, 1 h 30 min.
func Span(d time.Duration) string {
	switch {
	case d == 0:
		return "0 s"
	case d < 0:
		return "-" + Span(-max(d, -1<<63+1))
	case d >= time.Minute:
		return joinSpan(d.Round(time.Second))
	case d >= time.Second:
		return fmt.Sprintf("%.3g s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond))
	case d >= time.Microsecond:
		return fmt.Sprintf("%.3g µs", float64(d)/float64(time.Microsecond))
	}
	return fmt.Sprintf("%d ns", d)
}

// joinSpan writes the hours, minutes and seconds that are not zero.
func joinSpan(d time.Duration) string {
	var parts []string
	for _, part := range []string{
		fmt.Sprintf("%d h", d/time.Hour), fmt.Sprintf("%d min", d%time.Hour/time.Minute), fmt.Sprintf("%d s", d%time.Minute/time.Second),
	} {
		if part[0] != '0' {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// Enumerate joins words for people: a, b and c.
func Enumerate(words ...string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// Count writes a number with its noun: 1 round, 3 rounds.
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
