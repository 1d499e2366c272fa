package state

import (
	"math/bits"
	"slices"
)

const (
	levelBits = 5                  // 32 children a node: a state of a few dozen keys is one or two levels deep
	levelMask = 1<<levelBits - 1   //
	lastShift = 64 / levelBits * 5 // the last level that still has bits of the hash; nodes below are buckets
)

// node is a node of a hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001): a level takes five
// bits of the hash, and mask says which of its 32 children exist. Nodes are immutable and shared by
// all versions that have the same content below them. nil is the empty trie.
//
// Below lastShift the hash is used up: such a node is a bucket, its children are entries in any order
// and its mask is not used.
type node struct {
	mask uint32
	kids []kid
}

// kid is an entry or a node, or neither.
type kid struct {
	entry *entry
	sub   *node
}

func (e *entry) is(hash uint64, name string) bool { return e.key.hash == hash && e.key.name == name }

func (n *node) find(hash uint64, name string) *entry { return n.findAt(0, hash, name) }

func (n *node) write(hash uint64, name string, e *entry) table {
	if e == nil {
		return n.drop(0, hash, name)
	}
	return n.put(0, e)
}

func (n *node) findAt(shift uint, hash uint64, name string) *entry {
	for ; n != nil; shift += levelBits {
		if shift > lastShift {
			if i := n.inBucket(hash, name); i >= 0 {
				return n.kids[i].entry
			}
			return nil
		}
		k := n.kid(bitOf(hash, shift))
		if k.entry != nil {
			if k.entry.is(hash, name) {
				return k.entry
			}
			return nil
		}
		n = k.sub
	}
	return nil
}

// put returns the trie at this level with e in it.
func (n *node) put(shift uint, e *entry) *node {
	if shift > lastShift {
		return n.putInBucket(e)
	}
	bit := bitOf(e.key.hash, shift)
	if n == nil {
		return &node{mask: bit, kids: []kid{{entry: e}}}
	}
	i := n.index(bit)
	if n.mask&bit == 0 {
		kids := make([]kid, len(n.kids)+1)
		copy(kids, n.kids[:i])
		kids[i].entry = e
		copy(kids[i+1:], n.kids[i:])
		return &node{mask: n.mask | bit, kids: kids}
	}
	switch k := n.kids[i]; {
	case k.sub != nil:
		return n.replace(i, kid{sub: k.sub.put(shift+levelBits, e)})
	case k.entry.is(e.key.hash, e.key.name):
		return n.replace(i, kid{entry: e})
	default:
		var sub *node
		return n.replace(i, kid{sub: sub.put(shift+levelBits, k.entry).put(shift+levelBits, e)})
	}
}

// drop returns the trie at this level without a name: n itself if the name is not in it.
func (n *node) drop(shift uint, hash uint64, name string) *node {
	if n == nil {
		return nil
	}
	if shift > lastShift {
		if i := n.inBucket(hash, name); i >= 0 {
			return n.remove(i, 0)
		}
		return n
	}
	bit := bitOf(hash, shift)
	k := n.kid(bit)
	switch {
	case k.entry != nil && k.entry.is(hash, name):
		return n.remove(n.index(bit), bit)
	case k.sub == nil:
		return n
	}
	sub := k.sub.drop(shift+levelBits, hash, name)
	switch {
	case sub == k.sub:
		return n
	case len(sub.kids) == 1 && sub.kids[0].entry != nil:
		return n.replace(n.index(bit), sub.kids[0]) // a node that holds one entry is that entry
	}
	return n.replace(n.index(bit), kid{sub: sub})
}

// inBucket returns where a bucket has a name, -1 if nowhere.
func (n *node) inBucket(hash uint64, name string) int {
	return slices.IndexFunc(n.kids, func(k kid) bool { return k.entry.is(hash, name) })
}

func (n *node) putInBucket(e *entry) *node {
	if n == nil {
		return &node{kids: []kid{{entry: e}}}
	}
	if i := n.inBucket(e.key.hash, e.key.name); i >= 0 {
		return n.replace(i, kid{entry: e})
	}
	return &node{kids: append(slices.Clip(n.kids), kid{entry: e})}
}

// replace returns n with another child at i.
func (n *node) replace(i int, k kid) *node {
	kids := slices.Clone(n.kids)
	kids[i] = k
	return &node{mask: n.mask, kids: kids}
}

// remove returns n without the child at i, nil if it was the only one.
func (n *node) remove(i int, bit uint32) *node {
	if len(n.kids) == 1 {
		return nil
	}
	kids := make([]kid, len(n.kids)-1)
	copy(kids, n.kids[:i])
	copy(kids[i:], n.kids[i+1:])
	return &node{mask: n.mask &^ bit, kids: kids}
}

// kid returns the child for a bit, the zero kid if there is none.
func (n *node) kid(bit uint32) kid {
	if n.mask&bit == 0 {
		return kid{}
	}
	return n.kids[n.index(bit)]
}

func (n *node) index(bit uint32) int { return bits.OnesCount32(n.mask & (bit - 1)) }

func bitOf(hash uint64, shift uint) uint32 { return 1 << (hash >> shift & levelMask) }
