package blueprint

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/weirflow/weir/blueprint/builtin"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/agent"
)

// Schema gives the JSON Schema (2020-12) of blueprints that may use what o says, for editors: which keys there are, what they
// hold, which are required. It is made from the structs that Load decodes into, so it knows every kind in o.Kinds and every
// built-in function. What it accepts may still be wrong: names, expressions and values are checked by Load. The text is the
// same for the same options.
func Schema(o Options) []byte {
	s := &schemer{defs: map[string]*jsonschema.Schema{}, kinds: o.kinds()}
	root := s.object(shapes(&document{}))
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "A weir blueprint"
	s.defs["steps"] = &jsonschema.Schema{Type: "array", Items: ref("named")}
	s.defs["child"] = s.child()
	s.defs["named"] = &jsonschema.Schema{Ref: at("step"), AnyOf: []*jsonschema.Schema{{Required: []string{"name"}}, {Required: []string{"step"}}}}
	s.defs["step"] = s.step()
	root.Defs = s.defs
	text, _ := json.MarshalIndent(root, "", "  ") // it holds nothing that JSON cannot
	return append(text, '\n')
}

// schemer makes a schema. Structs become definitions, each once.
type schemer struct {
	defs  map[string]*jsonschema.Schema
	kinds []spec.Kind
}

func at(def string) string { return "#/$defs/" + def }

func ref(def string) *jsonschema.Schema { return &jsonschema.Schema{Ref: at(def)} }

// child is a step, a list of steps, or a map with the key steps alone.
func (s *schemer) child() *jsonschema.Schema {
	return &jsonschema.Schema{
		Types: []string{"object", "array"},
		If:    &jsonschema.Schema{Type: "array"}, Then: ref("steps"),
		Else: &jsonschema.Schema{
			If:   &jsonschema.Schema{Required: []string{"steps"}, Not: &jsonschema.Schema{Required: []string{"kind"}}},
			Then: s.structure(reflect.ValueOf(new(group)).Elem()), Else: ref("step"),
		},
	}
}

// step is a step of any kind: its keys are those of its kind. There is a condition for each kind, so that an editor offers
// and flags the keys of that kind only.
func (s *schemer) step() *jsonschema.Schema {
	all := &jsonschema.Schema{Type: "object"}
	var names []any
	var doc strings.Builder
	for _, k := range s.kinds {
		own := words(append([]string{k.Name}, k.Aliases...)...)
		names = append(names, own...)
		doc.WriteString(k.Name + ": " + k.Doc + "\n")
		is := has("kind", &jsonschema.Schema{Enum: own})
		if k.Name == stepKind {
			is = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{is, {Not: &jsonschema.Schema{Required: []string{"kind"}}}}}
			s.defs["step."+k.Name] = s.working()
		} else {
			s.defs["step."+k.Name] = s.composite(k)
		}
		s.defs["step."+k.Name].Properties["kind"] = &jsonschema.Schema{Enum: own, Description: k.Doc}
		all.AllOf = append(all.AllOf, &jsonschema.Schema{If: is, Then: ref("step." + k.Name)})
	}
	all.Properties = map[string]*jsonschema.Schema{"kind": {Enum: names, Default: json.RawMessage(`"` + stepKind + `"`), Description: doc.String()}}
	return all
}

// composite is a step of a kind that has steps of its own.
func (s *schemer) composite(k spec.Kind) *jsonschema.Schema {
	own, common := k.New(), shapes(&common{})
	if k.Under == "" {
		return s.object(append(common, shapes(own)...))
	}
	step := s.object(common)
	step.Properties[k.Under] = s.structure(reflect.ValueOf(own).Elem())
	step.Properties[k.Under].Description = k.Doc
	step.PropertyOrder = append(step.PropertyOrder, k.Under)
	step.Required = append(step.Required, k.Under)
	return step
}

// working is a step that runs a function or asks an agent. What it uses says what its parameters are.
func (s *schemer) working() *jsonschema.Schema {
	step := s.object(append(shapes(&common{}), shapes(&working{})...))
	for _, b := range builtin.All() {
		name := "with." + b.Name
		s.defs[name] = s.object(shapes(b.New()))
		s.defs[name].Description = b.Doc
		then := &jsonschema.Schema{Properties: map[string]*jsonschema.Schema{"with": ref(name), "params": ref(name)}}
		if len(s.defs[name].Required) > 0 {
			then.AnyOf = []*jsonschema.Schema{{Required: []string{"with"}}, {Required: []string{"params"}}}
		}
		is := &jsonschema.Schema{Enum: words(b.Name)}
		step.AllOf = append(step.AllOf, &jsonschema.Schema{
			If: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{has("uses", is), has("agent", is.CloneSchemas())}}, Then: then,
		})
	}
	return step
}

// useMap is what a step runs together with its parameters.
func (s *schemer) useMap() *jsonschema.Schema {
	m := s.object(shapes(&useMap{}))
	for _, b := range builtin.All() {
		m.AllOf = append(m.AllOf, &jsonschema.Schema{
			If:   has("id", &jsonschema.Schema{Enum: words(b.Name)}),
			Then: &jsonschema.Schema{Properties: map[string]*jsonschema.Schema{"params": ref("with." + b.Name)}},
		})
	}
	return m
}

// uses is what a step can use.
func uses() *jsonschema.Schema {
	var names []string
	for _, b := range builtin.All() {
		names = append(names, b.Name)
	}
	return &jsonschema.Schema{Type: "string", AnyOf: []*jsonschema.Schema{
		{Enum: words(names...)}, {Pattern: "^agents\\."}, {Pattern: "^fn:"}, {Pattern: "^imports\\."},
	}}
}

// agents is the section agents.
func (s *schemer) agents() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", AdditionalProperties: s.structure(reflect.ValueOf(agent.NewInline()).Elem())}
}

// has says that a key is there and of a form.
func has(key string, form *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{Properties: map[string]*jsonschema.Schema{key: form}, Required: []string{key}}
}

func words(list ...string) []any {
	all := make([]any, len(list))
	for i, w := range list {
		all[i] = w
	}
	return all
}
