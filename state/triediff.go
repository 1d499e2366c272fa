package state

// diff skips every subtree that both tries share: its cost grows with what was written since they
// parted, not with what they hold.
func (n *node) diff(base table, yield func(was, is *entry) bool) bool {
	old, ok := base.(*node)
	if !ok {
		return diffByName(base, n, yield)
	}
	return kid{sub: old}.diff(kid{sub: n}, 0, yield)
}

// diff compares what was (k) with what is at one place of two tries; shift is the level of their nodes.
func (k kid) diff(is kid, shift uint, yield func(was, is *entry) bool) bool {
	if k == is {
		return true
	}
	if k.sub == nil || is.sub == nil || shift > lastShift {
		return k.diffByName(is, shift, yield)
	}
	for rest := k.sub.mask | is.sub.mask; rest != 0; rest &= rest - 1 {
		bit := rest & -rest
		if !k.sub.kid(bit).diff(is.sub.kid(bit), shift+levelBits, yield) {
			return false
		}
	}
	return true
}

// diffByName compares an entry, or nothing, with a whole subtree, and bucket with bucket.
func (k kid) diffByName(is kid, shift uint, yield func(was, is *entry) bool) bool {
	return k.each(func(e *entry) bool {
		other := is.find(shift, e.key.hash, e.key.name)
		return other == e || yield(e, other)
	}) && is.each(func(e *entry) bool {
		return k.find(shift, e.key.hash, e.key.name) != nil || yield(nil, e)
	})
}

func (k kid) find(shift uint, hash uint64, name string) *entry {
	if k.entry == nil {
		return k.sub.findAt(shift, hash, name)
	}
	if k.entry.is(hash, name) {
		return k.entry
	}
	return nil
}

// each yields every entry in k and reports whether it came to the end.
func (k kid) each(yield func(*entry) bool) bool {
	if k.entry != nil {
		return yield(k.entry)
	}
	if k.sub != nil {
		for _, sub := range k.sub.kids {
			if !sub.each(yield) {
				return false
			}
		}
	}
	return true
}
