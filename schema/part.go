package schema

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// part judges one place of a value by itself. The library stops at the first thing that is wrong; judging place by place
// finds all of them, each with where it stands (docs/decisions/0004-json-schema.md).
type part struct {
	own        *jsonschema.Resolved // the place itself, what is below it left open; nil: it cannot be judged alone
	properties map[string]*part
	additional *part // of properties without a part; nil: judged by own
	prefix     []*part
	items      *part
}

// partOf takes a schema apart.
func partOf(s *jsonschema.Schema) *part {
	p := &part{}
	own := s.CloneSchemas()
	open := func(below *jsonschema.Schema) (*part, *jsonschema.Schema) { return partOf(below), &jsonschema.Schema{} }
	for name, below := range own.Properties {
		if p.properties == nil {
			p.properties = map[string]*part{}
		}
		p.properties[name], own.Properties[name] = open(below)
	}
	if a := own.AdditionalProperties; a != nil && !never(a) && len(own.PatternProperties) == 0 {
		p.additional, own.AdditionalProperties = open(a)
	}
	for i, below := range own.PrefixItems {
		var one *part
		one, own.PrefixItems[i] = open(below)
		p.prefix = append(p.prefix, one)
	}
	if own.Items != nil {
		p.items, own.Items = open(own.Items)
	}
	p.own, _ = own.Resolve(nil) // the whole has been resolved, so this has no mistakes; if it had, the whole judges
	return p
}

// never says that a schema may be false, which the library reads as {"not": {}} and tells best where it stands.
func never(s *jsonschema.Schema) bool { return s.Not != nil }

// problems adds what is wrong with v and below it.
func (p *part) problems(at string, v any, found []Problem) []Problem {
	if p == nil || len(found) > MaxProblems {
		return found
	}
	if p.own != nil {
		if err := p.own.Validate(v); err != nil {
			found = append(found, newProblem(at, trimmed(err)))
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			below := p.properties[name]
			if below == nil {
				below = p.additional
			}
			found = below.problems(join(at, name), v[name], found)
		}
	case []any:
		for i, e := range v {
			below := p.items
			if i < len(p.prefix) {
				below = p.prefix[i]
			}
			found = below.problems(fmt.Sprintf("%s[%d]", at, i), e, found)
		}
	}
	return found
}

// join is the place of a property.
func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// trimmed is an error of the library without the path inside the schema that it begins with.
func trimmed(err error) error {
	text := err.Error()
	for strings.HasPrefix(text, "validating ") {
		_, rest, ok := strings.Cut(text, ": ")
		if !ok {
			break
		}
		text = rest
	}
	return errors.New(text)
}
