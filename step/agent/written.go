package agent

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/weirflow/weir/plan"
)

// maxSchema is how long a written schema may be, 256 KiB.
const maxSchema = 256 << 10

// parseSchema reads a written JSON Schema (2020-12). It may be anybody's, so what could make checking an answer expensive or
// endless is refused: see unfolder. With text, {"type": "string"} without more asks for plain text.
func parseSchema(raw json.RawMessage, text bool) (*schema, error) {
	root, err := unfolded(raw)
	if err != nil {
		return nil, plan.Errorf(plan.CodeConfig, "the schema of the answer: %w", err)
	}
	if text && plainText(root) {
		return textSchema(), nil
	}
	if _, ok := root["type"]; !ok && root["properties"] != nil {
		root["type"] = "object"
	}
	var s jsonschema.Schema
	b, err := json.Marshal(root)
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		return nil, plan.Errorf(plan.CodeConfig, "the schema of the answer: %w", err)
	}
	return ready(&s)
}

// unfolded reads a schema and puts what its references name in their places.
func unfolded(raw json.RawMessage) (map[string]any, error) {
	if len(raw) > maxSchema {
		return nil, errors.New("it is too long")
	}
	a, err := parseAnswer(raw)
	if err != nil {
		return nil, err
	}
	if !json.Valid(raw) {
		return nil, errors.New("there is something behind the JSON value")
	}
	root, ok := a.value.(map[string]any)
	if !ok {
		return nil, errors.New("it must be an object, such as {\"type\": \"object\", \"properties\": {…}}")
	}
	root = maps.Clone(root)
	for _, key := range []string{"$schema", "$id"} { // they name the whole, which stands alone here
		delete(root, key)
	}
	u := &unfolder{root: root}
	v, err := u.schema(root, "#")
	if err != nil {
		return nil, err
	}
	return v.(map[string]any), nil
}

// plainText says that a schema asks for a text and nothing more.
func plainText(root map[string]any) bool {
	if root["type"] != "string" {
		return false
	}
	for key := range root {
		if !slices.Contains([]string{"type", "title", "description", "$comment"}, key) {
			return false
		}
	}
	return true
}
