package schema

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxSchemas is how many schemas a written one may hold with its references unfolded. The cost of checking an answer grows
// with it.
const maxSchemas = 2000

// unfolder puts what references name in their places, so that the cost of checking is known and no reference can lead round
// in a circle: the library follows them without a bound.
type unfolder struct {
	root  map[string]any
	count int
	open  []string // the references that are being unfolded
}

// schema unfolds one schema; at is its place. true and false are schemas too.
func (u *unfolder) schema(v any, at string) (any, error) {
	if u.count++; u.count > maxSchemas {
		return nil, fmt.Errorf("it holds more than %d schemas, references unfolded", maxSchemas)
	}
	s, ok := v.(map[string]any)
	if !ok {
		if _, ok := v.(bool); ok {
			return v, nil
		}
		return nil, fmt.Errorf("%s is not a schema", at)
	}
	out := make(map[string]any, len(s))
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if slices.Contains([]string{"$ref", "$defs", "definitions", "$comment"}, key) {
			continue // read where it is referred to, or not at all
		}
		below, err := u.keyword(key, s[key], at+"/"+key)
		if err != nil {
			return nil, err
		}
		out[key] = below
	}
	ref, ok := s["$ref"]
	if !ok {
		return out, nil
	}
	return u.reference(ref, out, at)
}

// keyword unfolds the value of a keyword.
func (u *unfolder) keyword(key string, v any, at string) (any, error) {
	switch key {
	case "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$anchor", "$id", "$vocabulary",
		"dependencies", "additionalItems":
		return nil, fmt.Errorf("%s: the keyword %s is not supported", at, key)
	case "items", "additionalProperties", "contains", "not", "if", "then", "else", "propertyNames", "unevaluatedItems",
		"unevaluatedProperties", "contentSchema":
		if _, list := v.([]any); list {
			return nil, fmt.Errorf("%s: a list of schemas is written prefixItems", at)
		}
		return u.schema(v, at)
	case "allOf", "anyOf", "oneOf", "prefixItems":
		return u.list(v, at)
	case "properties", "patternProperties", "dependentSchemas":
		return u.named(v, at)
	}
	return v, nil
}

// list unfolds a list of schemas.
func (u *unfolder) list(v any, at string) (any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("%s must be a list of schemas", at)
	}
	out := make([]any, len(list))
	for i, below := range list {
		var err error
		if out[i], err = u.schema(below, at+"/"+strconv.Itoa(i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// named unfolds a map of schemas.
func (u *unfolder) named(v any, at string) (any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s must be a map of schemas", at)
	}
	out := make(map[string]any, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		var err error
		if out[name], err = u.schema(m[name], at+"/"+name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// reference puts what ref names in the place of a schema whose other keywords are rest.
func (u *unfolder) reference(ref any, rest map[string]any, at string) (any, error) {
	name, ok := ref.(string)
	if !ok || !strings.HasPrefix(name, "#") {
		return nil, fmt.Errorf("%s: the reference %.100v leads out of the schema; put what it names under $defs", at, ref)
	}
	if slices.Contains(u.open, name) {
		return nil, fmt.Errorf("%s: %s holds itself; recursive schemas are not supported", at, name)
	}
	found, err := u.find(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	u.open = append(u.open, name)
	target, err := u.schema(found, name)
	u.open = u.open[:len(u.open)-1]
	if err != nil {
		return nil, err
	}
	return merged(target, rest), nil
}

// merged is a schema that asks for what two ask for. Words about it are no demands and simply replace those of target.
func merged(target any, rest map[string]any) any {
	if len(rest) == 0 {
		return target
	}
	words := map[string]any{}
	for _, key := range []string{"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"} {
		if v, ok := rest[key]; ok {
			words[key] = v
		}
	}
	if t, ok := target.(map[string]any); ok && len(words) == len(rest) {
		maps.Copy(t, words)
		return t
	}
	both, _ := rest["allOf"].([]any)
	rest["allOf"] = append(slices.Clone(both), target)
	return rest
}

// find gives what a reference within the schema names: a JSON pointer (RFC 6901) behind #.
func (u *unfolder) find(name string) (any, error) {
	missing := fmt.Errorf("the reference %.100s names nothing in the schema", name)
	pointer, err := url.PathUnescape(strings.TrimPrefix(name, "#"))
	if err != nil {
		return nil, missing
	}
	var at any = u.root
	if pointer == "" {
		return at, nil
	}
	if !strings.HasPrefix(pointer, "/") {
		return nil, missing
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch v := at.(type) {
		case map[string]any:
			next, ok := v[token]
			if !ok {
				return nil, missing
			}
			at = next
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil, missing
			}
			at = v[i]
		default:
			return nil, missing
		}
	}
	return at, nil
}
