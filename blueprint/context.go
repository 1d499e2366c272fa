package blueprint

import (
	"slices"
	"strings"

	"github.com/weirflow/weir/state"
)

// declaration is one key of the section context.
type declaration struct {
	Type        *node  `weir:"type" doc:"What the key holds: string, integer, number, boolean, array or object; with null in a list of two where it may be nothing. Default: anything." holds:"type"`
	Default     *node  `weir:"default" doc:"The value at the start. Default: the empty value of the type."`
	Reducer     string `weir:"reducer" enum:"sum,max,min,append,union" doc:"How the changes of several branches become one. Default: two different changes are a conflict."`
	Description string `weir:"description" doc:"What the key is for."`
}

// emptyOf gives the empty value of a type; ok is false for a word that is none.
func emptyOf(word string) (v any, kind nodeKind, ok bool) {
	switch word {
	case "string":
		return "", textNode, true
	case "integer":
		return 0, intNode, true
	case "number":
		return 0.0, floatNode, true
	case "boolean":
		return false, boolNode, true
	case "array":
		return []any{}, listNode, true
	case "object":
		return map[string]any{}, mapNode, true
	}
	return nil, nullNode, false
}

// typeNames are the words that type takes.
var typeNames = []string{"string", "integer", "number", "boolean", "array", "object"}

// declarations reads the section context.
func (d *decoder) declarations(n *node, at path) (values []state.Value, keys []Key) {
	if n.kind != mapNode {
		d.mismatch(n, at, "a map of keys to what they hold")
		return nil, nil
	}
	for _, e := range n.entries {
		if v, key, ok := d.declare(e, at.key(e.key)); ok {
			values, keys = append(values, v), append(keys, key)
		}
	}
	return values, keys
}

func (d *decoder) declare(e entry, at path) (v state.Value, key Key, ok bool) {
	if e.key == "scratchpad" || e.key == "" || strings.ContainsAny(e.key, ".\x00") {
		d.wrong(e.at, at, "give each value a key of its own, without dots", "%s cannot be a key of the context", quoted(e.key))
		return v, key, false
	}
	var decl declaration
	if e.value.kind != mapNode {
		d.refuse(e.value, at, "write "+e.key+": {type: integer, default: 0}", "%s must be a map that says what the key holds, not %s", quoted(e.key), e.value.describe())
		return v, key, false
	}
	d.object(e.value, at, "context key", d.shapeOf(&decl))
	if d.failed(at) {
		return v, key, false
	}
	first, opts, ok := d.initial(&decl, at)
	if !ok {
		return v, key, false
	}
	if decl.Reducer != "" {
		opts = append(opts, state.ReduceBy[any](decl.Reducer))
	}
	v, err := state.Declare(e.key, first, opts...)
	if err != nil {
		d.wrong(e.at, at, "", "%s", strings.TrimPrefix(err.Error(), "state: "))
		return v, key, false
	}
	return v, decl.key(e.key), true
}

// initial gives the value that stands for the key's type and the options that say what it may be and begins with.
func (d *decoder) initial(decl *declaration, at path) (first any, opts []state.KeyOption[any], ok bool) {
	word, nullable, ok := d.typeOf(decl.Type, at.key("type"))
	if !ok {
		return nil, nil, false
	}
	given := decl.Default
	if word == "" {
		if given == nil {
			return nil, nil, true
		}
		return nil, []state.KeyOption[any]{state.Default(given.plain())}, true
	}
	first, kind, _ := emptyOf(word)
	if nullable {
		opts = append(opts, state.Nullable[any]())
	}
	switch {
	case given == nil && nullable, given != nil && nullable && given.kind == nullNode:
		return first, append(opts, state.Default[any](nil)), true
	case given == nil:
		return first, opts, true
	case given.kind == intNode && kind == floatNode:
		return float64(given.value.(int)), opts, true
	case given.kind != kind:
		d.refuse(given, at.key("default"), "", "the default of a key of type %s cannot be %s", word, given.describe())
		return nil, nil, false
	}
	return given.plain(), opts, true
}

// typeOf reads the key type: a word, or a list of a word and "null".
func (d *decoder) typeOf(n *node, at path) (word string, nullable, ok bool) {
	if n == nil {
		return "", false, true
	}
	words := []*node{n}
	if n.kind == listNode {
		words = n.items
	}
	for _, w := range words {
		switch {
		case w.text == "null" && (w.kind == textNode || w.kind == nullNode):
			nullable = true
		case w.kind == textNode && slices.Contains(typeNames, w.text) && word == "":
			word = w.text
		default:
			d.refuse(w, at, "one of "+strings.Join(typeNames, ", ")+"; [integer, \"null\"] where it may be nothing", "there is no type %s for a key of the context", w.describe())
			return "", false, false
		}
	}
	return word, nullable, true
}
