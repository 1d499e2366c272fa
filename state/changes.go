package state

import (
	"iter"
	"maps"
	"slices"
)

// Changes is what was written in a scope since its fork, or since a mark. It is immutable, three words
// small, and stays valid when the scope is used again. The zero value says that nothing was written.
type Changes struct{ base, origin, next *version }

// Change is one change of one key.
type Change struct {
	// Was and Is are the values before and after, shared: they must not be modified. They are nil where
	// the key was not set.
	Was, Is any
	// Added is true if the key was not set before, Deleted if it is not set after.
	Added, Deleted bool
}

// Changes returns what was written in s since it was forked, or begun.
func (s *Scope) Changes() Changes { return changes(s.base, s.origin, s.now.Load()) }

func changes(base, origin, next *version) Changes {
	if base == next {
		return Changes{}
	}
	return Changes{base, origin, next}
}

// Before returns the state that was changed. It is empty if nothing was.
func (c Changes) Before() Snapshot { return Snapshot{c.base} }

// After returns the state with the changes. It is empty if nothing was written.
func (c Changes) After() Snapshot { return Snapshot{c.next} }

// All yields each key that has another value than before, private ones included, in order of their
// names. It costs what changed.
func (c Changes) All() iter.Seq2[string, Change] {
	return func(yield func(string, Change) bool) {
		found := make(map[string]Change)
		c.each(func(was, is *entry) {
			switch {
			case was == nil:
				found[is.key.name] = Change{Is: is.value, Added: true}
			case is == nil:
				found[was.key.name] = Change{Was: was.value, Deleted: true}
			default:
				found[is.key.name] = Change{Was: was.value, Is: is.value}
			}
		})
		for _, name := range slices.Sorted(maps.Keys(found)) {
			if !yield(name, found[name]) {
				return
			}
		}
	}
}

// each yields the entries of each key that has another value than before.
func (c Changes) each(yield func(was, is *entry)) {
	if c.base == c.next {
		return
	}
	c.next.table().diff(c.base.table(), func(was, is *entry) bool {
		if !sameEntry(was, is) {
			yield(was, is)
		}
		return true
	})
}
