package openai

import (
	"encoding/json"
	"strings"

	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/shared"

	"github.com/weirflow/weir/model"
)

// format is the response_format of a schema.
func format(s *model.Schema) *shared.ResponseFormatJSONSchemaParam {
	return &shared.ResponseFormatJSONSchemaParam{JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
		Name:   schemaName(s.Name),
		Strict: param.NewOpt(s.Strict && strict(s.JSON)),
		Schema: s.JSON,
	}}
}

// inWords is the schema as a part of the prompt, for endpoints that take no schema. OpenAI's json_object asks that the
// word JSON stands in the prompt.
func inWords(s *model.Schema) string {
	return "Answer with one JSON value and nothing else: no text before or after it, no code fence. It must match this JSON Schema:\n" +
		string(s.JSON)
}

// schemaName makes a name that OpenAI takes: 1 to 64 of a-z A-Z 0-9 _ -.
func schemaName(name string) string {
	const longest = 64
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		}
		return '_'
	}, name)
	if name == "" {
		return "answer"
	}
	return name[:min(len(name), longest)]
}

// strict says that OpenAI can hold a model to the schema while it writes: every object lists all its properties as
// required and allows no others, and only keywords of its subset are used
// (https://platform.openai.com/docs/guides/structured-outputs, read June 2026).
func strict(raw json.RawMessage) bool {
	var root any
	if err := json.Unmarshal(raw, &root); err != nil {
		return false
	}
	top, ok := root.(map[string]any)
	return ok && top["type"] == "object" && strictSchema(top)
}

// strictSchema looks at one schema and those below it. The depth is that of the JSON, which encoding/json bounds.
func strictSchema(v any) bool {
	s, ok := v.(map[string]any)
	if !ok {
		return false // true and false are schemas too, but not in the subset
	}
	for key, below := range s {
		if !strictKeyword(key, below) {
			return false
		}
	}
	_, properties := s["properties"]
	if properties || isObject(s["type"]) {
		return strictObject(s)
	}
	return true
}

// strictKeyword looks at one keyword of a schema.
func strictKeyword(key string, v any) bool {
	switch key {
	case "items":
		return strictSchema(v)
	case "anyOf":
		list, ok := v.([]any)
		return ok && all(list, strictSchema)
	case "properties", "$defs", "definitions":
		named, ok := v.(map[string]any)
		if !ok {
			return false
		}
		for _, below := range named {
			if !strictSchema(below) {
				return false
			}
		}
		return true
	case "type", "title", "description", "enum", "const", "$ref", "required", "additionalProperties", "$schema", "$id",
		"pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems":
		return true
	}
	return false
}

// strictObject says that an object is closed and needs all its properties.
func strictObject(s map[string]any) bool {
	properties, _ := s["properties"].(map[string]any)
	required, _ := s["required"].([]any)
	if s["additionalProperties"] != false {
		return false
	}
	needed := make(map[string]bool, len(required))
	for _, name := range required {
		text, _ := name.(string)
		needed[text] = true
	}
	for name := range properties {
		if !needed[name] {
			return false
		}
	}
	return true
}

// isObject says that a type keyword allows an object.
func isObject(v any) bool {
	if list, ok := v.([]any); ok {
		return !all(list, func(e any) bool { return e != "object" })
	}
	return v == "object"
}

// all says that f holds for every entry.
func all(list []any, f func(any) bool) bool {
	for _, e := range list {
		if !f(e) {
			return false
		}
	}
	return true
}
