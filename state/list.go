package state

import "reflect"

// joinLists joins the additions of two changes to one list: a has all of base first, and so has b. The
// result is a with what b added. ok is false if they are not lists of one type, or either did more than
// add. No base is an empty list.
func joinLists(f *facts, base, a, b any) (joined any, ok bool) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if x.Kind() != reflect.Slice || y.Kind() != reflect.Slice || x.Type() != y.Type() {
		return nil, false
	}
	begin := reflect.ValueOf(base)
	if base == nil {
		begin = reflect.Zero(x.Type())
	}
	if begin.Type() != x.Type() || !hasPrefix(f, x, begin) || !hasPrefix(f, y, begin) {
		return nil, false
	}
	added := y.Slice(begin.Len(), y.Len())
	out := reflect.MakeSlice(x.Type(), x.Len()+added.Len(), x.Len()+added.Len())
	reflect.Copy(out, x)
	reflect.Copy(out.Slice(x.Len(), out.Len()), added)
	return out.Interface(), true
}

func hasPrefix(f *facts, list, begin reflect.Value) bool {
	if list.Len() < begin.Len() {
		return false
	}
	c := comparer{facts: f}
	for i := range begin.Len() {
		if !c.equal(list.Index(i), begin.Index(i)) {
			return false
		}
	}
	return true
}

// isNil reports whether v is nil or holds a nil.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	rv := reflect.ValueOf(v)
	return nilable(rv.Kind()) && rv.IsNil()
}
