package blueprint

import "strings"

// Key is a declared key of the run's state, for people.
type Key struct {
	Name string `json:"name"`
	// Type is string, integer, number, boolean, array or object, with " or null" where it may be nothing; "any" where none was declared.
	Type string `json:"type"`
	// Default is the value at the start.
	Default any `json:"default"`
	// Reducer says how the changes of several branches become one; empty: two different changes are a conflict.
	Reducer string `json:"reducer,omitzero"`
	// Description is what was written about it; it may be empty.
	Description string `json:"description,omitzero"`
}

// key is what was declared, for people; it was checked before.
func (d *declaration) key(name string) Key {
	k := Key{Name: name, Type: "any", Reducer: d.Reducer, Description: d.Description}
	var words []string
	switch {
	case d.Type == nil:
	case d.Type.kind == listNode:
		for _, w := range d.Type.items {
			words = append(words, w.text)
		}
	default:
		words = []string{d.Type.text}
	}
	if len(words) > 0 {
		k.Type = strings.Join(words, " or ")
	}
	switch {
	case d.Default != nil:
		k.Default = d.Default.plain()
	case len(words) == 1: // one that may be null is null
		k.Default, _, _ = emptyOf(words[0])
	}
	return k
}
