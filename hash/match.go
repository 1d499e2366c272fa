package hash

import (
	"reflect"
	"sync"
	"time"
)

// matcher says whether forms are those of values without writing these: no bytes are copied and no map is sorted. It knows the usual types. Of others
// it says no, and so it may of a value whose form it is: whoever asks then writes the form. What it says yes to is the value's form, byte for byte. The
// zero value is ready; it is safe for use by several goroutines and must not be copied.
type matcher struct {
	plans sync.Map // reflect.Type → matching
}

// matching takes the form of a value of one type off; depth is how many values that stands in. No function of it keeps anything elsewhere, so that nothing
// is allocated.
type matching func(f form, depth int, v reflect.Value) (form, bool)

// matches says that f is the form of v.
func (m *matcher) matches(f form, v any) bool {
	rest, ok := m.any(f, 0, v)
	return ok && rest == ""
}

// any is for a value by its dynamic type. Deep ones are left to the writer, which finds cycles and those that are too deep.
func (m *matcher) any(f form, depth int, v any) (form, bool) {
	if depth >= handover {
		return f, false
	}
	switch v := v.(type) {
	case nil:
		return f.tag(tagNil)
	case string:
		return f.text(tagText, v)
	case bool:
		return f.truth(v)
	case int:
		return f.whole(int64(v))
	case int64:
		return f.whole(v)
	case float64:
		return f.float(v)
	case time.Time:
		return f.instant(v)
	case []any:
		return m.values(f, depth, v)
	case map[string]any:
		return m.object(f, depth, v)
	}
	plan := m.plan(reflect.TypeOf(v))
	if plan == nil {
		return f, false
	}
	return plan(f, depth, reflect.ValueOf(v))
}

func (f form) instant(t time.Time) (form, bool) {
	zone, offset := t.Zone()
	if len(f) < 25 || f[0] != tagTime || f[1:].number() != uint64(t.Unix()) || f[9:].number() != uint64(t.Nanosecond()) || f[17:].number() != uint64(offset) {
		return f, false
	}
	return f[25:].text(tagText, zone)
}

func (m *matcher) values(f form, depth int, list []any) (form, bool) {
	if list == nil {
		return f.tag(tagNil)
	}
	f, ok := f.sized(tagList, len(list))
	for i := 0; ok && i < len(list); i++ {
		f, ok = m.any(f, depth+2, list[i])
	}
	return f, ok
}

// object looks the keys of the form up in the map: as many as the map has, each once.
func (m *matcher) object(f form, depth int, o map[string]any) (form, bool) {
	if o == nil {
		return f.tag(tagNil)
	}
	f, ok := f.sized(tagMap, len(o))
	var last string
	for i := 0; ok && i < len(o); i++ {
		var key string
		if key, f, ok = f.key(); !ok || i > 0 && key == last {
			return f, false
		}
		last = key
		var v any
		if v, ok = o[key]; ok {
			f, ok = m.any(f, depth+2, v)
		}
	}
	return f, ok
}

// matchObject is object for text.
func matchObject(f form, o map[string]string) (form, bool) {
	if o == nil {
		return f.tag(tagNil)
	}
	f, ok := f.sized(tagMap, len(o))
	var last string
	for i := 0; ok && i < len(o); i++ {
		var key string
		if key, f, ok = f.key(); !ok || i > 0 && key == last {
			return f, false
		}
		last = key
		var v string
		if v, ok = o[key]; ok {
			f, ok = f.text(tagText, v)
		}
	}
	return f, ok
}
