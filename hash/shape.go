package hash

import (
	"reflect"
	"time"
)

// shape finds and recognises values: those of one type, that of the first that a place met, without looking for their type's plan.
type shape struct {
	*matcher
	*sketcher
	typ      reflect.Type
	matching matching // nil: of this type it says no to all
	sketch   sketching
}

// shapeOf gives the shape of a value. Only structs have plans that are worth keeping at hand.
func (k *Keys) shapeOf(v any) shape {
	s := shape{matcher: &k.matcher, sketcher: &k.sketcher}
	if t := reflect.TypeOf(v); t != nil && t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]() {
		s.typ, s.matching, s.sketch = t, k.matcher.plan(t), k.sketcher.plan(t)
	}
	return s
}

// near is the sketch of a value.
func (s *shape) near(v any) uint64 {
	if s.typ == nil || reflect.TypeOf(v) != s.typ {
		return stir(0, s.sketcher.any(0, v))
	}
	return stir(0, s.sketch(0, reflect.ValueOf(v)))
}

// is says that f is the form of a value.
func (s *shape) is(f form, v any) bool {
	if s.typ == nil || reflect.TypeOf(v) != s.typ {
		return s.matches(f, v)
	}
	if s.matching == nil {
		return false
	}
	rest, ok := s.matching(f, 0, reflect.ValueOf(v))
	return ok && rest == ""
}
