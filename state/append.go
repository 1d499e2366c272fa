package state

import (
	"errors"
	"reflect"
)

// ErrNoList is the cause of an error of Append where a key holds something else than a list.
var ErrNoList = errors.New("not a list")

// Append adds items to the end of the list that a key holds, as one step for all who use this scope; a key that was declared
// and holds nothing has an empty list. The items are handed over, and converted as in Store. It fails with *UnknownKeyError
// if the name is neither set nor declared, with *TypeError if an item does not fit, and with *PathError and ErrNoList if
// there is no list; nothing is written then. It copies the list.
func (s *Scope) Append(name string, items ...any) error {
	if err := checkName(name); err != nil {
		return err
	}
	if private(name) {
		return &PathError{Path: name, At: name, Err: errBadPath}
	}
	for {
		now := s.now.Load()
		held := now.visible(name)
		if held == nil && now.declared(name) == nil {
			return &UnknownKeyError{Keys: []string{name}, Known: now.known()}
		}
		d := now.key(name)
		list, err := d.appended(held, items)
		if err != nil {
			return err
		}
		if s.swap(now, d, d.entry(list)) {
			return nil
		}
	}
}

// ListType says what lists a key takes: ok is false if it takes none. A nil type is a list of anything.
func (v Value) ListType() (t reflect.Type, ok bool) {
	t = v.key.typ
	return t, t == nil || t.Kind() == reflect.Slice || t.Kind() == reflect.Interface && t.NumMethod() == 0
}

// appended gives the list that e holds, nil for none, with items at its end.
func (d *declaration) appended(e *entry, items []any) (any, error) {
	var list reflect.Value
	switch {
	case e != nil && e.value != nil:
		list = reflect.ValueOf(e.value)
	case d.typ == nil || d.typ.Kind() == reflect.Interface:
		list = reflect.ValueOf([]any(nil))
	default:
		list = reflect.Zero(d.typ)
	}
	if list.Kind() != reflect.Slice {
		return nil, &PathError{Path: d.name, At: d.name, Err: ErrNoList}
	}
	out := reflect.MakeSlice(list.Type(), list.Len(), list.Len()+len(items))
	reflect.Copy(out, list)
	for _, item := range items {
		fitted := reflect.New(list.Type().Elem()).Elem()
		if !fitInto(fitted, item) {
			return nil, &TypeError{Key: d.name, Want: list.Type().Elem(), Value: item}
		}
		out = reflect.Append(out, fitted)
	}
	return out.Interface(), nil
}
