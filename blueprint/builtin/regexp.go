package builtin

import (
	"fmt"
	"regexp"
)

// maxPattern bounds a pattern; RE2 then bounds the time per byte of line.
const maxPattern = 4096

// compilePattern checks a pattern and lists its named groups, once each.
func compilePattern(m *mistakes, pattern string) (*regexp.Regexp, []string) {
	switch {
	case pattern == "":
		m.add("pattern", "it is missing; write a regular expression with named groups such as (?P<status>[0-9]+)")
		return nil, nil
	case len(pattern) > maxPattern:
		m.add("pattern", "it has %d bytes, more than %d", len(pattern), maxPattern)
		return nil, nil
	}
	expr, err := regexp.Compile(pattern)
	if err != nil {
		m.add("pattern", "%v", err)
		return nil, nil
	}
	groups := []string{}
	seen := map[string]bool{"": true}
	for _, name := range expr.SubexpNames()[1:] {
		if name != "" && seen[name] {
			m.add("pattern", "two groups are named %s", name)
		}
		if !seen[name] {
			groups = append(groups, name)
		}
		seen[name] = true
	}
	if len(groups) == 0 {
		m.add("pattern", "it has no named group; write one for each field, such as (?P<status>[0-9]+)")
	}
	return expr, groups
}

// regexpFormat reads a line with a pattern.
func regexpFormat(expr *regexp.Regexp, groups []string) lineFormat {
	if expr == nil {
		return nil
	}
	index := make([]int, len(groups))
	for i, name := range groups {
		index[i] = 2 * expr.SubexpIndex(name)
	}
	return func(line string) (map[string]any, error) {
		at := expr.FindStringSubmatchIndex(line)
		if at == nil {
			return nil, fmt.Errorf("expected a line that matches %s, found %s", expr, excerpt(line))
		}
		fields := make(map[string]any, len(groups))
		for i, name := range groups {
			from, to := at[index[i]], at[index[i]+1]
			if from < 0 {
				fields[name] = nil
				continue
			}
			fields[name] = line[from:to]
		}
		return fields, nil
	}
}
