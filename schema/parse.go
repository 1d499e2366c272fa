package schema

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

// Parse reads a written JSON Schema: an object of at most 256 KiB that nests at most MaxDepth deep. References within it are
// unfolded, to at most 2,000 schemas; a recursive schema, a reference that leads out of it, and keywords that refer in other
// ways are refused, since anybody may have written it. The error has plan.CodeConfig and says what is wrong and where, not whose
// schema it is: its caller knows.
//
// The keyword format is for readers and is not checked.
func Parse(raw json.RawMessage) (*Schema, error) {
	root, err := unfolded(raw)
	if err != nil {
		return nil, &plan.Error{Code: plan.CodeConfig, Err: err}
	}
	if _, ok := root["type"]; !ok && root["properties"] != nil {
		root["type"] = "object"
	}
	var into jsonschema.Schema
	b, err := json.Marshal(root)
	if err == nil {
		err = json.Unmarshal(b, &into)
	}
	if err != nil {
		return nil, &plan.Error{Code: plan.CodeConfig, Err: err}
	}
	s, err := newSchema(&into)
	if err != nil {
		return nil, err
	}
	s.plainText = plainText(root)
	return s, nil
}

// unfolded reads a schema and puts what its references name in their places.
func unfolded(raw json.RawMessage) (map[string]any, error) {
	if len(raw) > maxSchema {
		return nil, errors.New("it is too long")
	}
	v, err := read(raw)
	if err != nil {
		return nil, err
	}
	root, ok := v.plain.(map[string]any)
	if !ok {
		return nil, errors.New("it must be an object, such as {\"type\": \"object\", \"properties\": {…}}")
	}
	root = maps.Clone(root)
	for _, key := range []string{"$schema", "$id"} { // they name the whole, which stands alone here
		delete(root, key)
	}
	u := &unfolder{root: root}
	whole, err := u.schema(root, "#")
	if err != nil {
		return nil, err
	}
	return whole.(map[string]any), nil
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
