package state

import (
	"context"
	"sync/atomic"
)

// ContextKey is the context key under which a run's context answers with its *Scope.
type ContextKey struct{}

// Scope is the live state of one strand of a run: the run itself, a branch, an item. The zero value is
// empty and ready. It is four words, meant to be embedded by value, and must not be copied once used.
//
// All methods may be called by several goroutines at a time, except that Init, and Fork and ForkKeys on
// the side of into, need the scope for themselves. Reads take no lock; a write makes the new version
// beside the old one and tries again if another write came first.
type Scope struct {
	views  views // zero-sized unless built with -tags weirdebug
	now    atomic.Pointer[version]
	copies atomic.Pointer[copies]
	base   *version // what the scope began with
	origin *version // what its parent held then: base and, after ForkKeys, more
}

// ScopeOf returns the scope of the strand that ctx belongs to, nil outside a run.
func ScopeOf(ctx context.Context) *Scope {
	s, _ := ctx.Value(ContextKey{}).(*Scope)
	return s
}

// Init makes s the empty state of a new run and sets values in it; of two values for one key the last
// counts. Whatever s held is forgotten. The keys of values are declared for the whole run: names that
// are written at run time are checked against them.
//
// With plain the run uses the plain twin: a fork copies every value, a merge compares every value.
// Results are the same. Costs O(values), nothing without values in the persistent mode.
func (s *Scope) Init(plain bool, values ...Value) {
	var root *version
	if plain || len(values) > 0 {
		root = begin(plain, values)
	}
	s.start(root, root)
}

// begin is the one place where a table is chosen.
func begin(plain bool, values []Value) *version {
	h := &home{plain: plain, declared: make(map[string]*declaration, len(values))}
	var entries table = (*node)(nil)
	if plain {
		entries = flatTable{}
	}
	for _, v := range values {
		h.declared[v.key.name] = v.key
		if v.set {
			entries = entries.write(v.key.hash, v.key.name, v.key.entry(v.value))
		}
	}
	return &version{entries: entries, home: h}
}

func (s *Scope) start(root, origin *version) {
	s.views.clear()
	s.now.Store(root)
	s.copies.Store(nil)
	s.base, s.origin = root, origin
}

// Fork makes into a branch of s: it begins with what s holds now, and neither sees what is written in
// the other until Merge. Whatever into held is forgotten. It copies a pointer and allocates nothing;
// in plain mode it copies every value.
func (s *Scope) Fork(into *Scope) {
	s.views.check()
	origin := s.now.Load()
	base := origin
	if origin.plain() {
		base = origin.copied()
	}
	into.start(base, origin)
}

// ForkKeys makes into a branch of s that sees only the named keys; all others are as if never set. It
// fails with *UnknownKeyError, and leaves into alone, if a name is neither set nor declared. What the
// branch writes to a key it cannot see counts as a change of that key. Costs O(keys).
func (s *Scope) ForkKeys(into *Scope, keys []string) error {
	s.views.check()
	origin := s.now.Load()
	base := &version{entries: (*node)(nil), home: origin.homeOf()}
	if origin.plain() {
		base.entries = flatTable{}
	}
	var unknown []string
	for _, name := range keys {
		switch e := origin.named(name); {
		case e != nil:
			base = base.with(e.key, e)
		case origin.declared(name) == nil:
			unknown = append(unknown, name)
		}
	}
	if unknown != nil {
		return &UnknownKeyError{Keys: unknown, Known: origin.known()}
	}
	for e := range origin.each {
		if private(e.key.name) { // what expressions read beside the context is no matter of keys
			base = base.with(e.key, e)
		}
	}
	if origin.plain() {
		base = base.copied()
	}
	into.start(base, origin)
	return nil
}

// Snapshot returns what s holds now. Later writes do not show in it. It copies a pointer.
func (s *Scope) Snapshot() Snapshot {
	s.views.check()
	return Snapshot{s.now.Load()}
}
