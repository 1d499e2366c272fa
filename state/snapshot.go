package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
)

// Snapshot is the state at one moment. It never changes. The zero value is empty. It is one word, and
// keeps alive the values it holds.
type Snapshot struct{ at *version }

// Get returns the value of a name and whether there is one: it was set, or the run declared it with a
// default. The value is yours, copied each time unless it needs no copy.
func (s Snapshot) Get(name string) (any, bool) {
	e := s.at.visible(name)
	if e == nil {
		return nil, false
	}
	return e.fresh(), true
}

// View is Get without the copy: the value is shared and must not be modified.
func (s Snapshot) View(name string) (any, bool) {
	e := s.at.visible(name)
	if e == nil {
		return nil, false
	}
	return e.value, true
}

// Keys returns the names that have a value, sorted, without the private ones.
func (s Snapshot) Keys() []string {
	return slices.DeleteFunc(s.at.known(), func(name string) bool { return s.at.visible(name) == nil })
}

// Len returns the number of Keys. It counts them.
func (s Snapshot) Len() int { return len(s.Keys()) }

// All yields each of Keys with its value, which is shared and must not be modified.
func (s Snapshot) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, name := range s.Keys() {
			if !yield(name, s.at.visible(name).value) {
				return
			}
		}
	}
}

// MarshalJSON writes an object of the Keys, in order. It fails, naming the key, on a value that JSON
// cannot hold.
func (s Snapshot) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for name, value := range s.All() {
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("state: key %q: %w", name, err)
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// names returns the names that are set or declared, sorted.
func (v *version) names() []string {
	found := make(map[string]struct{})
	for e := range v.each {
		found[e.key.name] = struct{}{}
	}
	if h := v.homeOf(); h != nil {
		for name := range h.declared {
			found[name] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// known is names without the private ones.
func (v *version) known() []string { return slices.DeleteFunc(v.names(), private) }
