package schema

import (
	"encoding/json"
	"reflect"
	"slices"
	"sync"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/weirflow/weir/plan"
)

// Schema is the shape that a JSON value must have. For, Of and Parse make one; the zero value cannot be used. It never
// changes, and is safe for use by several goroutines.
type Schema struct {
	root *jsonschema.Schema
	json json.RawMessage
	// of is the Go type that it was made of; nil for a written schema.
	of reflect.Type
	// plainText says that it asks for a text and nothing more.
	plainText bool
	// whole judges a value.
	whole *jsonschema.Resolved
	// inner judges the value inside of a wrapped one; nil for a schema that wraps nothing.
	inner *jsonschema.Resolved
	// parts judge a value part by part. They are made when the first value does not pass.
	parts func() *part
}

// ValueKey is the key under which a wrapped value stands.
const ValueKey = "value"

// newSchema makes root ready for use. Its references must be unfolded.
func newSchema(root *jsonschema.Schema) (*Schema, error) {
	s := &Schema{root: root, parts: sync.OnceValue(func() *part { return partOf(root) })}
	var err error
	if s.json, err = json.Marshal(root); err == nil {
		s.whole, err = resolve(root)
	}
	if err != nil {
		return nil, &plan.Error{Code: plan.CodeConfig, Err: err}
	}
	return s, nil
}

// resolve prepares a schema. It has no references left, so nothing is loaded.
func resolve(root *jsonschema.Schema) (*jsonschema.Resolved, error) {
	return root.CloneSchemas().Resolve(nil)
}

// JSON gives the schema itself, with its references unfolded.
func (s *Schema) JSON() json.RawMessage { return slices.Clone(s.json) }

// PlainText says that the schema asks for a text and nothing more, so that nothing need be written as JSON.
func (s *Schema) PlainText() bool { return s.plainText }

// Wrapped gives a schema whose values are objects, for model providers, which take no other: s itself if it asks for an
// object, otherwise that of an object with the value under the key "value". What a wrapped schema decodes and checks may be
// wrapped or bare, and comes out bare.
func (s *Schema) Wrapped() (*Schema, error) {
	if s.root.Type == "object" || s.inner != nil {
		return s, nil
	}
	w, err := newSchema(&jsonschema.Schema{
		Type: "object", Properties: map[string]*jsonschema.Schema{ValueKey: s.root}, Required: []string{ValueKey},
		AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
	})
	if err != nil {
		return nil, err
	}
	w.inner, w.of = s.whole, s.of
	return w, nil
}

// Wraps says that the schema is that of an object round another value: see Wrapped.
func (s *Schema) Wraps() bool { return s.inner != nil }
