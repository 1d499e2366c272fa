package state

import "maps"

// This file is the plain twin of the persistent trie (the optimisation "cow"; its idiom is that of a
// context object copied with deepcopy for each branch, as Python's flujo and LangGraph do it): a map
// that every write copies, a fork that copies every value, a diff that compares everything. Results
// must be the same as the trie's; FuzzMergeTwin holds them together.
type flatTable map[string]*entry

func (t flatTable) find(_ uint64, name string) *entry { return t[name] }

func (t flatTable) write(_ uint64, name string, e *entry) table {
	out := maps.Clone(t)
	if e == nil {
		delete(out, name)
	} else {
		out[name] = e
	}
	return out
}

func (t flatTable) diff(base table, yield func(was, is *entry) bool) bool {
	return diffByName(base, t, yield)
}

// copied returns v with a copy of every value that is not shared by rule.
func (v *version) copied() *version {
	out := make(flatTable)
	v.each(func(e *entry) bool {
		out[e.key.name] = &entry{key: e.key, value: e.fresh(), flat: e.flat}
		return true
	})
	return &version{entries: out, home: v.home}
}

// diffByName compares two tables of any sort by looking at all they hold.
func diffByName(base, is table, yield func(was, is *entry) bool) bool {
	for e := range all(is) {
		if was := base.find(e.key.hash, e.key.name); !sameEntry(was, e) && !yield(was, e) {
			return false
		}
	}
	for e := range all(base) {
		if is.find(e.key.hash, e.key.name) == nil && !yield(e, nil) {
			return false
		}
	}
	return true
}

func all(t table) func(yield func(*entry) bool) {
	return func(yield func(*entry) bool) {
		if flat, ok := t.(flatTable); ok {
			for _, e := range flat {
				if !yield(e) {
					return
				}
			}
			return
		}
		t.diff((*node)(nil), func(_, is *entry) bool { return yield(is) })
	}
}
