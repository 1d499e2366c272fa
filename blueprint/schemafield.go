package blueprint

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/weirflow/weir/spec"
)

// shapes gives the keys of a struct that v points to, with its values: they are the defaults.
func shapes(v any) []shape {
	of := reflect.ValueOf(v).Elem()
	var list []shape
	for _, f := range fieldsOf(of.Type()) {
		list = append(list, shape{field: f, into: of.Field(f.index)})
	}
	return list
}

// object is a map that has these keys and no others.
func (s *schemer) object(keys []shape) *jsonschema.Schema {
	o := &jsonschema.Schema{
		Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
	}
	for _, k := range keys {
		p := s.value(k)
		p.Description = k.doc
		if p.Default == nil {
			p.Default = k.standard()
		}
		o.Properties[k.key] = p
		o.PropertyOrder = append(o.PropertyOrder, k.key)
		if k.required {
			o.Required = append(o.Required, k.key)
		}
	}
	return o
}

// structure is a struct that a map is decoded into: a definition by its type's name.
func (s *schemer) structure(v reflect.Value) *jsonschema.Schema {
	name := v.Type().String()
	if v.Type().Name() == "" {
		return s.object(shapes(v.Addr().Interface()))
	}
	if s.defs[name] == nil {
		s.defs[name] = &jsonschema.Schema{} // it may hold itself
		*s.defs[name] = *s.object(shapes(v.Addr().Interface()))
	}
	return ref(name)
}

// value is what stands under a key.
func (s *schemer) value(k shape) *jsonschema.Schema {
	if k.holds != "" {
		return s.raw(k.holds)
	}
	v := s.typed(k.typ)
	if k.enum != nil && k.typ.Kind() == reflect.String {
		v.Enum = words(k.enum...)
	}
	return v
}

// typed is a value of a Go type, as decode reads it.
func (s *schemer) typed(t reflect.Type) *jsonschema.Schema {
	switch t {
	case stepType:
		return ref("child")
	case branchesType:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: ref("child")}
	case exprType:
		return &jsonschema.Schema{Types: []string{"string", "number", "boolean"}}
	case funcType:
		return &jsonschema.Schema{Type: "string"}
	case durationType:
		return &jsonschema.Schema{Types: []string{"string", "number"}, Pattern: durationPattern}
	case valueType, rawType:
		return &jsonschema.Schema{}
	}
	return s.byKind(t)
}

// durationPattern is what time.ParseDuration takes.
const durationPattern = `^[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`

// byKind is a value of an ordinary Go type.
func (s *schemer) byKind(t reflect.Type) *jsonschema.Schema {
	switch t.Kind() {
	case reflect.String:
		return &jsonschema.Schema{Type: "string"}
	case reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &jsonschema.Schema{Type: "integer"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &jsonschema.Schema{Type: "integer", Minimum: new(0.0)}
	case reflect.Float32, reflect.Float64:
		return &jsonschema.Schema{Type: "number"}
	case reflect.Slice:
		list := &jsonschema.Schema{Type: "array", Items: s.typed(t.Elem())}
		if t.Elem().Kind() == reflect.String || t.Elem() == funcType {
			return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{list, {Type: "string"}}} // a single text is a list of it
		}
		return list
	case reflect.Map:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: s.typed(t.Elem())}
	case reflect.Struct:
		into := reflect.New(t)
		object := s.structure(into.Elem())
		if _, short := into.Interface().(spec.Short); short {
			return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{object, {Type: "string"}}} // one word stands for one of its keys
		}
		return object
	case reflect.Pointer:
		return s.typed(t.Elem())
	}
	return &jsonschema.Schema{}
}

// raw is what stands under a key that is decoded by hand; a tag says what: holds:"step".
func (s *schemer) raw(holds string) *jsonschema.Schema {
	switch holds {
	case "version":
		return &jsonschema.Schema{Enum: []any{Version, "1"}, Default: json.RawMessage("1")}
	case "steps":
		return &jsonschema.Schema{Type: "array", Items: ref("named"), MinItems: new(1)}
	case "list":
		return ref("steps")
	case "step":
		return ref("child")
	case "agents":
		return s.agents()
	case "context":
		return &jsonschema.Schema{Type: "object", AdditionalProperties: s.structure(reflect.ValueOf(new(declaration)).Elem())}
	case "type":
		one := append(words(typeNames...), "null", nil)
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Enum: one}, {Type: "array", Items: &jsonschema.Schema{Enum: slices.Clone(one)}, MaxItems: new(2)}}}
	case "classes":
		class := words(retryable()...)
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "array", Items: &jsonschema.Schema{Enum: class}, MinItems: new(1)}, {Enum: slices.Clone(class)}}}
	case "cache":
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Type: "boolean"}, s.typed(durationType), s.structure(reflect.ValueOf(new(caching)).Elem()),
		}}
	case "checks":
		return s.listed(reflect.New(reflect.TypeFor[checking]()).Elem())
	case "plugins":
		return s.listed(reflect.New(reflect.TypeFor[plugging]()).Elem())
	case "meta":
		flag := func() *jsonschema.Schema { return &jsonschema.Schema{Type: "boolean"} }
		return &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{
			"is_validation_step": flag(), "strict_validation": flag(), "is_adapter": flag(),
		}}
	case "uses":
		return uses()
	case "agent":
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{uses(), s.useMap()}}
	case "map":
		return &jsonschema.Schema{Type: "object"}
	}
	return &jsonschema.Schema{}
}

// listed is a list of structs, each of which may be a registered function alone.
func (s *schemer) listed(of reflect.Value) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s.structure(of), {Type: "string"}}}}
}

// standard is the value of a key that is left out, where it is known: that of a new spec, or the word of an enum that the
// key's doc calls its default.
func (k shape) standard() json.RawMessage {
	var v any
	switch {
	case k.into.IsZero():
		for _, w := range k.enum {
			if strings.Contains(k.doc, "Default: "+w+".") || strings.Contains(k.doc, "Default: "+w+",") {
				v = w
			}
		}
	case k.into.CanInt() && k.into.Int() > 0 && k.typ != durationType, k.into.Kind() == reflect.String, k.into.Kind() == reflect.Bool, k.into.CanFloat():
		v = k.into.Interface()
	}
	if v == nil {
		return nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil // a number that JSON does not have
	}
	return text
}
