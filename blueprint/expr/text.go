package expr

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// errTooLong says that a text grew past OutputLimit.
var errTooLong = fmt.Errorf("the text is longer than %d MiB", OutputLimit>>20)

// appendText appends a value as templates show it: text as it is, everything else as in JSON, a time as in RFC 3339 and a
// duration as in Go (1m30s). It fails when b would be longer than OutputLimit.
func appendText(b []byte, v any) ([]byte, error) {
	switch x := v.(type) {
	case string:
		if len(b)+len(x) > OutputLimit {
			return b, errTooLong
		}
		return append(b, x...), nil
	case []byte:
		if !utf8.Valid(x) {
			return b, errors.New("the bytes are not UTF-8 text; use base64 or toJSON")
		}
		return appendText(b, string(x))
	case time.Duration:
		return append(b, x.String()...), nil
	case time.Time:
		return x.AppendFormat(b, time.RFC3339Nano), nil
	}
	return appendJSON(b, v, 0)
}

// appendJSON appends a value as JSON, the keys of maps sorted. It fails when b would be longer than OutputLimit, where
// encoding/json would write a value that holds another a million times in full.
func appendJSON(b []byte, v any, depth int) ([]byte, error) {
	if depth > depthLimit {
		return b, fmt.Errorf("the value is nested more than %d deep", depthLimit)
	}
	if len(b) > OutputLimit {
		return b, errTooLong
	}
	switch x := v.(type) {
	case []any:
		return appendItems(b, x, depth)
	case map[string]any:
		return appendEntries(b, x, depth)
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, x), nil
	case string:
		if bare(x) && len(b)+len(x)+2 <= OutputLimit {
			return append(append(append(b, '"'), x...), '"'), nil
		}
	case int:
		return strconv.AppendInt(b, int64(x), 10), nil
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return b, fmt.Errorf("%v is not a number that JSON has", x)
		}
	}
	var leaf bytes.Buffer
	enc := json.NewEncoder(&leaf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return b, fmt.Errorf("the value cannot be written as JSON: %w", err)
	}
	text := bytes.TrimSuffix(leaf.Bytes(), []byte("\n"))
	if len(b)+len(text) > OutputLimit {
		return b, errTooLong
	}
	return append(b, text...), nil
}

// bare says that text stands in JSON as it is.
func bare(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' || s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func appendItems(b []byte, items []any, depth int) ([]byte, error) {
	b = append(b, '[')
	var err error
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, item, depth+1); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func appendEntries(b []byte, entries map[string]any, depth int) ([]byte, error) {
	b = append(b, '{')
	var err error
	for i, key := range slices.Sorted(maps.Keys(entries)) {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, key, depth+1); err != nil {
			return b, err
		}
		b = append(b, ':')
		if b, err = appendJSON(b, entries[key], depth+1); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

// parseJSON gives the value of JSON text: whole numbers as int, others as float64.
func parseJSON(text []byte) (any, error) {
	if len(text) > OutputLimit {
		return nil, errTooLong
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not JSON: there is more after the value")
	}
	return numbers(v), nil
}

// numbers turns each json.Number in v into an int or float64, in place.
func numbers(v any) any {
	switch x := v.(type) {
	case json.Number:
		if n, err := strconv.ParseInt(x.String(), 10, 64); err == nil {
			return whole(n)
		}
		f, err := x.Float64()
		if err != nil { // out of range: kept as written
			return x.String()
		}
		return f
	case []any:
		for i := range x {
			x[i] = numbers(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = numbers(x[k])
		}
	}
	return v
}
