package state

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// StorePath sets the value at a dotted path: the first part is a key, the others are keys of the maps
// inside its value, which must exist up to the last. It is what sink_to does: v is copied, for it goes
// on as the output of its step, and text is converted where the place is declared as a number or holds
// one. It fails with *PathError, and has written nothing then.
func (s *Scope) StorePath(path string, v any) error {
	names := strings.Split(path, ".")
	if names[0] == "scratchpad" {
		return &PathError{Path: path, At: names[0], Err: ErrScratchpad}
	}
	if slices.Contains(names, "") || private(path) {
		return &PathError{Path: path, At: names[0], Err: errBadPath}
	}
	for {
		now := s.now.Load()
		d := now.key(names[0])
		p := placing{names: names, value: v, facts: &d.facts}
		var held slot
		if e := now.visible(names[0]); e != nil {
			held = slot{e.value, true}
		}
		root, err := p.place(1, d.typ, held)
		if err != nil {
			return &PathError{Path: path, At: p.at, Err: err}
		}
		if s.swap(now, d, d.entry(root)) {
			return nil
		}
	}
}

// placing is one call of StorePath.
type placing struct {
	names []string
	value any
	facts *facts
	at    string // the path where it failed
}

// place returns what the value at the first n names becomes; typ is its type, nil for any.
func (p *placing) place(n int, typ reflect.Type, held slot) (any, error) {
	p.at = strings.Join(p.names[:n], ".")
	if n == len(p.names) {
		return p.leaf(typ, held)
	}
	m, ok := fieldsOf(held.value)
	if !ok || m == nil {
		return nil, ErrNoObject
	}
	t := reflect.TypeOf(held.value)
	elem := t.Elem()
	if elem.Kind() == reflect.Interface && elem.NumMethod() == 0 {
		elem = nil
	}
	value, err := p.place(n+1, elem, slotIn(m, p.names[n]))
	if err != nil {
		return nil, err
	}
	out := maps.Clone(m)
	out[p.names[n]] = value
	return withFields(t, out), nil
}

// leaf converts the value for the last place.
func (p *placing) leaf(typ reflect.Type, held slot) (any, error) {
	if text, ok := p.value.(string); ok {
		if t := numberType(typ, held.value); t != nil {
			out := reflect.New(t).Elem()
			if !parseNumber(out, text) {
				return nil, &TypeError{Key: p.at, Want: t, Value: text}
			}
			return out.Interface(), nil
		}
	}
	fitted, ok := fit(typ, p.value)
	if !ok {
		return nil, &TypeError{Key: p.at, Want: typ, Value: p.value}
	}
	return clone(p.facts, fitted), nil
}

// numberType returns the type of number that stands at a place, nil if it is no number's.
func numberType(typ reflect.Type, held any) reflect.Type {
	if held != nil && (typ == nil || typ.Kind() == reflect.Interface) {
		typ = reflect.TypeOf(held)
	}
	if typ == nil || !isNumber(typ.Kind()) {
		return nil
	}
	return typ
}
