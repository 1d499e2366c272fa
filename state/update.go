package state

import (
	"errors"
	"maps"
	"slices"
)

// Update merges m into the state. It is what updates_context does: keys that are declared or set are
// written, maps leaf by leaf; values are copied, for m goes on as the output of its step. The names of
// others are returned in ignored, sorted; with strict they are an *UnknownKeyError instead. Values that
// do not fit their keys are *TypeErrors, joined. On any error nothing is written.
func (s *Scope) Update(m map[string]any, strict bool) (ignored []string, err error) {
	for {
		now := s.now.Load()
		next, ignored, err := now.updated(m)
		if err == nil && strict && ignored != nil {
			err = &UnknownKeyError{Keys: ignored, Known: now.known()}
		}
		if err != nil {
			return nil, err
		}
		if next == now {
			return ignored, nil
		}
		if s.now.CompareAndSwap(now, next) {
			s.forget(next, nil)
			return ignored, nil
		}
	}
}

// updated returns v with m merged into it.
func (v *version) updated(m map[string]any) (next *version, ignored []string, err error) {
	next = v
	var failed []error
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if err := checkName(name); err != nil {
			failed = append(failed, err)
			continue
		}
		held := v.visible(name)
		if private(name) || held == nil && v.declared(name) == nil {
			ignored = append(ignored, name)
			continue
		}
		d := v.key(name)
		value, err := d.fit(m[name])
		if err != nil {
			failed = append(failed, err)
			continue
		}
		over := slot{d.entry(value).fresh(), true}
		if held != nil {
			j := joining{strategy: overlay, key: d, path: []string{name}}
			over, _ = j.place(places{now: slot{held.value, true}, next: over})
		}
		next = next.with(d, d.entry(over.value))
	}
	return next, ignored, errors.Join(failed...)
}
