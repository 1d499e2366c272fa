package state

import "fmt"

// Lookup returns the value of a name, which is yours as with Key.Get, and whether there is one: it was
// set, or the run declared it with a default.
func (s *Scope) Lookup(name string) (any, bool) {
	e := s.now.Load().visible(name)
	if e == nil {
		return nil, false
	}
	return s.own(e), true
}

// View is Lookup without the copy: the value is shared and must not be modified.
func (s *Scope) View(name string) (any, bool) {
	e := s.now.Load().visible(name)
	if e == nil {
		return nil, false
	}
	return s.views.note(e), true
}

// Store sets the value of a name and takes v over. If the key has a declared type, v must fit it: exact
// numbers are converted, as are lists and maps item by item, and nil is taken where the type has one or
// the key is Nullable. It fails with *TypeError, or ErrScratchpad for that name.
func (s *Scope) Store(name string, v any) error {
	if err := checkName(name); err != nil {
		return err
	}
	for {
		now := s.now.Load()
		d := now.key(name)
		fitted, err := d.fit(v)
		if err != nil {
			return err
		}
		if s.swap(now, d, d.entry(fitted)) {
			return nil
		}
	}
}

// Remove makes a name unset. A declared default shows again.
func (s *Scope) Remove(name string) {
	for {
		now := s.now.Load()
		e := now.named(name)
		if e == nil || s.swap(now, e.key, nil) {
			return
		}
	}
}

// swap writes e, nil to remove, if s still holds now, and reports whether it did.
func (s *Scope) swap(now *version, d *declaration, e *entry) bool {
	next := now.with(d, e)
	if !s.now.CompareAndSwap(now, next) {
		return false
	}
	s.forget(next, e)
	return true
}

// set writes v to a typed key.
func (s *Scope) set(d *declaration, v any) {
	e := d.entry(v)
	for {
		now := s.now.Load()
		mustAgree(now, d)
		if s.swap(now, d, e) {
			return
		}
	}
}

// update replaces the value of a typed key by what f makes of a copy. f runs again if another goroutine
// wrote the key meanwhile.
func (s *Scope) update(d *declaration, f func(any) any) {
	for {
		now := s.now.Load()
		mustAgree(now, d)
		read := now.get(d)
		e := d.entry(f(now.resolve(d).fresh()))
		for now.get(d) == read {
			if s.swap(now, d, e) {
				return
			}
			now = s.now.Load()
		}
	}
}

// mustAgree panics if the run declared d's name with another type than d's.
func mustAgree(now *version, d *declaration) {
	if run := now.declared(d.name); run != nil && run != d && run.typ != nil && run.typ != d.typ {
		panic(fmt.Sprintf("state: key %q holds %s in this run, not %s: use one type for one name", d.name, run.typ, d.typ))
	}
}
