package schema

import (
	"encoding"
	"encoding/json"
	"log/slog"
	"math/big"
	"reflect"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/weirflow/weir/plan"
)

// For makes the schema of a Go type; see Of.
func For[T any]() (*Schema, error) { return Of(reflect.TypeFor[T]()) }

// Of makes the schema of a Go type, as encoding/json writes it. A pointer is what it points to. A field without omitempty or
// omitzero is required, a tag `jsonschema:"…"` describes it, other fields than those of the type are refused. A type without
// a JSON form, such as a channel, or one that holds itself is an error with plan.CodeConfig.
func Of(t reflect.Type) (*Schema, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	forms := ownForms{}
	forms.visit(t, map[reflect.Type]bool{})
	root, err := jsonschema.ForType(t, &jsonschema.ForOptions{TypeSchemas: forms})
	if err != nil {
		return nil, plan.Errorf(plan.CodeConfig, "no JSON Schema can be inferred from the type %v: %w", t, err)
	}
	s, err := newSchema(root)
	if err != nil {
		return nil, err
	}
	s.of = t
	s.plainText = t.Kind() == reflect.String && root.Type == "string"
	return s, nil
}

// ownForms are the schemas of types that do not look in JSON as they do in Go.
type ownForms map[reflect.Type]*jsonschema.Schema

var (
	jsonReader = reflect.TypeFor[json.Unmarshaler]()
	textReader = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// visit looks at a type and those that it is made of.
func (f ownForms) visit(t reflect.Type, seen map[reflect.Type]bool) {
	if seen[t] || libraryKnows(t) {
		return
	}
	seen[t] = true
	switch {
	case t.Kind() == reflect.Interface:
		return
	case t == reflect.TypeFor[json.Number]():
		f[t] = &jsonschema.Schema{Type: "number"}
		return
	case reflect.PointerTo(t).Implements(jsonReader):
		f[t] = &jsonschema.Schema{} // only its own code knows
		return
	case reflect.PointerTo(t).Implements(textReader):
		f[t] = &jsonschema.Schema{Type: "string"}
		return
	}
	switch t.Kind() {
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			f[t] = &jsonschema.Schema{Type: "string", Description: "base64"}
			return
		}
		f.visit(t.Elem(), seen)
	case reflect.Pointer, reflect.Array, reflect.Map:
		f.visit(t.Elem(), seen)
	case reflect.Struct:
		for field := range t.Fields() {
			if field.IsExported() || field.Anonymous {
				f.visit(field.Type, seen)
			}
		}
	}
}

// libraryKnows says that the library has a schema for a type of the standard library.
func libraryKnows(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[slog.Level](), reflect.TypeFor[big.Int](), reflect.TypeFor[big.Rat](), reflect.TypeFor[big.Float]():
		return true
	}
	return false
}
