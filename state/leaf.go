package state

import (
	"slices"
	"strings"
)

// leaf decides about a change that could not be taken apart any further.
func (j *joining) leaf(at places) (slot, bool) {
	if j.same(at.now, at.next) {
		return at.now, false
	}
	unset := !at.now.set || isNil(at.now.value)
	switch j.strategy {
	case overlay:
		return at.next, true
	case KeepFirst:
		if unset {
			return at.next, true
		}
		return at.now, false
	case ErrorOnConflict:
		if unset {
			return at.next, true
		}
		return j.conflict(at)
	}
	if j.same(at.now, at.origin) {
		return at.next, true // the branch did not see the value, and nobody else changed it
	}
	if j.repeated(at.next) {
		return at.now, false
	}
	if at.now.set && at.next.set {
		if joined, ok := joinLists(&j.key.facts, at.base.value, at.now.value, at.next.value); ok {
			return slot{joined, true}, true
		}
	}
	return j.conflict(at)
}

// overlay is the strategy of Scope.Update: what is given replaces what is there, leaf by leaf.
const overlay Strategy = 255

// conflict notes that two changed this place, and leaves it.
func (j *joining) conflict(at places) (slot, bool) {
	j.conflicts = append(j.conflicts, Conflict{
		Key: strings.Join(j.path, "."), A: j.changer(at.now), B: j.branch,
		Base: at.base.value, AValue: at.now.value, BValue: at.next.value,
	})
	return at.now, false
}

// changer returns who made this place what it is now: the first branch that did, the parent if it
// stands as before the merge, or, of a value that was joined, the latest branch with a part in it.
func (j *joining) changer(now slot) string {
	latest := Parent
	for _, c := range j.earlier {
		is := j.within(c.is)
		if j.same(j.within(c.was), is) {
			continue
		}
		if j.same(is, now) {
			return c.branch.Name
		}
		latest = c.branch.Name
	}
	if j.same(j.within(j.start), now) {
		return Parent
	}
	return latest
}

// repeated reports whether an earlier branch made the very same change of this place.
func (j *joining) repeated(next slot) bool {
	return slices.ContainsFunc(j.earlier, func(c contribution) bool {
		was, is := j.within(c.was), j.within(c.is)
		return !j.same(was, is) && j.same(is, next)
	})
}

// within returns what an entry of the key has at this place.
func (j *joining) within(e *entry) slot {
	s := j.slot(e)
	for _, name := range j.path[1:] {
		m, ok := fieldsOf(s.value)
		if !ok {
			return slot{}
		}
		value, found := m[name]
		s = slot{value, found}
	}
	return s
}
