package builtin

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/weirflow/weir/plan"
)

// Parse reads one line of text into a map. A line that does not fit is a failure that says what was expected and where; put
// the step in a map that collects failures to keep such lines. A line is at most 1 MiB.
//
// The format combined takes the combined and the common log format of Apache and NGINX and gives remote, user, time (RFC
// 3339), method, path, query (what follows the ? of the request's path), protocol, status, bytes, referer and agent, and
// request_time when a number of seconds ends the line. What the log shows as "-" is empty text, or 0 bytes. A request that is not three words is the path, whole. In quoted
// fields \" and \\ are undone and all other escapes stay, so that no control character comes out.
type Parse struct {
	Format    string            `weir:"format,required" enum:"combined,json,csv,regexp" doc:"How the line is written."`
	Pattern   string            `weir:"pattern" doc:"For regexp: an RE2 expression; its named groups are the fields, and a group that took no part is null."`
	Columns   []string          `weir:"columns" doc:"For csv: the names of the fields, in order."`
	Delimiter string            `weir:"delimiter" doc:"For csv: the one character between fields. Default: a comma."`
	Types     map[string]string `weir:"types" doc:"For json, csv and regexp: field to int, float, bool or time; time takes RFC 3339 and the log format's and gives RFC 3339."`
}

// lineFormat reads one line. Its errors say what was expected.
type lineFormat func(line string) (map[string]any, error)

// Build checks the format and its keys and makes the call.
func (p *Parse) Build(Env) (Call, error) {
	m := &mistakes{function: "parse"}
	format := p.format(m)
	if err := m.err(); err != nil {
		return nil, err
	}
	name := p.Format
	return func(_ context.Context, in any) (any, error) {
		line, ok := in.(string)
		if !ok {
			return nil, badInput("parse", "one line of text; for a list, put it in a map step", in)
		}
		if len(line) > lineBytes {
			return nil, plan.Errorf(plan.CodeInput, "parse: the line has %d bytes, more than %d", len(line), lineBytes)
		}
		fields, err := format(line)
		if err != nil {
			return nil, plan.Errorf(plan.CodeInput, "parse: %s: %w", name, err)
		}
		return fields, nil
	}, nil
}

// format picks the reader and checks that no key of another format was given.
func (p *Parse) format(m *mistakes) lineFormat {
	p.stray(m)
	switch p.Format {
	case "combined":
		return parseCombined
	case "json":
		return typed(parseObject, converters(m, p.Types, nil))
	case "csv":
		columns, delimiter := p.csvKeys(m)
		return typed(csvFormat(columns, delimiter), converters(m, p.Types, columns))
	case "regexp":
		expr, groups := compilePattern(m, p.Pattern)
		return typed(regexpFormat(expr, groups), converters(m, p.Types, groups))
	case "":
		m.add("format", "it is missing; write combined, json, csv or regexp")
	default:
		m.add("format", "%q is not one of combined, json, csv, regexp", p.Format)
	}
	return nil
}

// stray notes keys that the format does not read.
func (p *Parse) stray(m *mistakes) {
	if p.Pattern != "" && p.Format != "regexp" {
		m.add("pattern", "only format: regexp reads it")
	}
	if len(p.Columns) > 0 && p.Format != "csv" {
		m.add("columns", "only format: csv reads it")
	}
	if p.Delimiter != "" && p.Format != "csv" {
		m.add("delimiter", "only format: csv reads it")
	}
	if len(p.Types) > 0 && p.Format == "combined" {
		m.add("types", "the fields of format: combined have their types already")
	}
}

func (p *Parse) csvKeys(m *mistakes) ([]string, rune) {
	if len(p.Columns) == 0 {
		m.add("columns", "it is missing; write the names of the fields in order")
	}
	seen := make(map[string]bool, len(p.Columns))
	for i, c := range p.Columns {
		if c == "" || seen[c] {
			m.add(fmt.Sprintf("columns[%d]", i), "%q is empty or there twice", c)
		}
		seen[c] = true
	}
	if p.Delimiter == "" {
		return p.Columns, ','
	}
	r, size := utf8.DecodeRuneInString(p.Delimiter)
	if size != len(p.Delimiter) || r == utf8.RuneError || r == '"' || r == '\n' || r == '\r' {
		m.add("delimiter", "%q is not one character other than a quote or line end", p.Delimiter)
	}
	return p.Columns, r
}

// parseObject reads a JSON object.
func parseObject(line string) (map[string]any, error) {
	v, err := decodeJSON(line)
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("expected a JSON object, found %s", describe(v))
	}
	return object, nil
}
