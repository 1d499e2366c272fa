package state

// version is one immutable state of a scope. nil is the empty one of a persistent scope.
type version struct {
	entries table
	home    *home // nil: nothing declared, persistent
}

// home is what all scopes of a run have in common. It is immutable.
type home struct {
	declared map[string]*declaration
	plain    bool
}

// table maps names to entries and never changes. The persistent implementation is *node; its plain
// twin is flatTable.
type table interface {
	// find returns the entry of a name, nil if there is none.
	find(hash uint64, name string) *entry
	// write returns a table in which the name has entry e, or none if e is nil.
	write(hash uint64, name string, e *entry) table
	// diff yields each entry that is not the same in base, with nil for an absent side, in any order,
	// and reports whether it came to the end.
	diff(base table, yield func(was, is *entry) bool) bool
}

func (v *version) table() table {
	if v == nil {
		return (*node)(nil)
	}
	return v.entries
}

func (v *version) homeOf() *home {
	if v == nil {
		return nil
	}
	return v.home
}

func (v *version) plain() bool { return v != nil && v.home != nil && v.home.plain }

// declared returns what the run was told about a name, nil if nothing.
func (v *version) declared(name string) *declaration {
	if v == nil || v.home == nil {
		return nil
	}
	return v.home.declared[name]
}

// get returns the entry that was written for d's name, nil if there is none.
func (v *version) get(d *declaration) *entry {
	if v == nil {
		return nil
	}
	return v.entries.find(d.hash, d.name)
}

// named is get for a name without declaration at hand.
func (v *version) named(name string) *entry {
	if v == nil {
		return nil
	}
	return v.entries.find(hashOf(name), name)
}

// resolve returns the entry a typed key reads: the one written, else the default of the key, else the
// default the run declared, else the zero value.
func (v *version) resolve(d *declaration) *entry {
	if e := v.get(d); e != nil {
		return e
	}
	if !d.stated {
		if run := v.declared(d.name); run != nil && run.stated {
			return run.def
		}
	}
	return d.def
}

// visible returns the entry a name reads: the one written, else the default the run declared, else nil.
func (v *version) visible(name string) *entry {
	if e := v.named(name); e != nil {
		return e
	}
	if d := v.declared(name); d != nil && d.stated {
		return d.def
	}
	return nil
}

// key returns the declaration an untyped write of a name uses.
func (v *version) key(name string) *declaration {
	if d := v.declared(name); d != nil {
		return d
	}
	if e := v.named(name); e != nil {
		return e.key
	}
	return anonymous(name)
}

// with returns v with e written, or with d's name removed if e is nil.
func (v *version) with(d *declaration, e *entry) *version {
	return &version{entries: v.table().write(d.hash, d.name, e), home: v.homeOf()}
}

// each yields every entry of v in any order.
func (v *version) each(yield func(*entry) bool) {
	v.table().diff((*node)(nil), func(_, is *entry) bool { return yield(is) })
}
