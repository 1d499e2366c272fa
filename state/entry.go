package state

// entry is one value of one key. It is immutable: a write makes another entry, so that the identity of
// an entry stands for the identity of its value.
type entry struct {
	key   *declaration
	value any
	flat  bool // the value needs no copy: whoever reads it may keep it
}

// fresh returns a value of e that nobody else holds.
func (e *entry) fresh() any {
	if e.flat {
		return e.value
	}
	return clone(&e.key.facts, e.value)
}

// sameEntry reports whether two entries, nil for an absent key, say the same.
func sameEntry(a, b *entry) bool {
	if a == b {
		return true
	}
	return a != nil && b != nil && equal(&a.key.facts, a.value, b.value)
}
