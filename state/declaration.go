package state

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// PrivatePrefix begins the names of keys that belong to weir itself. They are forked and merged like
// all others, but Snapshot does not list them and neither Scope.Update nor Scope.StorePath writes them.
const PrivatePrefix = "\x00"

// ErrScratchpad is the cause of every error about a key named "scratchpad": that free-form bag does
// not exist, each value has a key of its own.
var ErrScratchpad = errors.New(`"scratchpad" is not a key: give each value a key of its own`)

// declaration is what is known of a key besides its value. It is immutable once built, its cache of
// type facts apart, and shared by every entry of the key.
type declaration struct {
	name      string
	hash      uint64
	typ       reflect.Type // nil: any type, as of a name that was never declared
	fixed     bool         // typ is not an interface, so flat holds for every value
	flat      bool
	immutable bool
	nullable  bool // nil is accepted whatever typ is
	stated    bool // def was given by the user: the key has a value even while unset
	def       *entry
	reduce    reducer
	reducer   string // what reduce is called: a ready one, or "function"
	facts     facts
}

// reducer joins two changes of one value. Its error names the cause, not the key.
type reducer func(base, a, b any) (any, error)

// anonymous returns the declaration of a name that nobody declared.
func anonymous(name string) *declaration {
	return &declaration{name: name, hash: hashOf(name)}
}

// declare returns the declaration of a key that holds typ, nil for any type.
func declare(name string, typ reflect.Type) (*declaration, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	d := anonymous(name)
	d.typ = typ
	if typ != nil && typ.Kind() != reflect.Interface {
		d.fixed = true
		d.flat = d.facts.flat(typ)
	}
	return d, nil
}

// entry returns an entry of d that holds v, which is handed over.
func (d *declaration) entry(v any) *entry {
	return &entry{key: d, value: v, flat: d.shares(v)}
}

// shares reports whether v may be shared by all who read it.
func (d *declaration) shares(v any) bool {
	switch {
	case d.immutable || v == nil:
		return true
	case d.fixed:
		return d.flat
	}
	return d.facts.flat(reflect.TypeOf(v))
}

// fit converts v to the type of the key, or says why it cannot be.
func (d *declaration) fit(v any) (any, error) {
	if v == nil && d.nullable {
		return nil, nil
	}
	out, ok := fit(d.typ, v)
	if !ok {
		return nil, &TypeError{Key: d.name, Want: d.typ, Value: v}
	}
	return out, nil
}

// checkName says why a name cannot be a key's.
func checkName(name string) error {
	switch name {
	case "":
		return errors.New("state: a key needs a name")
	case "scratchpad":
		return fmt.Errorf("state: %w", ErrScratchpad)
	}
	return nil
}

func private(name string) bool { return strings.HasPrefix(name, PrivatePrefix) }

// hashOf is FNV-1a, folded so that the bits used first depend on all of it. State keys are few and
// short, and a key keeps its hash: what matters is that it needs no seed.
func hashOf(name string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return h ^ h>>32
}
