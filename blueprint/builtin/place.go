package builtin

import (
	"slices"
	"strconv"
	"strings"
)

// place is a dotted name, split.
type place []string

// placeOf splits a dotted name; it is false for one with an empty part.
func placeOf(dotted string) (place, bool) {
	parts := strings.Split(dotted, ".")
	if slices.Contains(parts, "") {
		return nil, false
	}
	return parts, true
}

// places splits several and notes the mistakes.
func (m *mistakes) places(key string, dotted []string) []place {
	out := make([]place, len(dotted))
	for i, d := range dotted {
		out[i] = m.place(key+"["+strconv.Itoa(i)+"]", d)
	}
	return out
}

// place splits one and notes the mistake.
func (m *mistakes) place(key, dotted string) place {
	p, ok := placeOf(dotted)
	if !ok {
		m.add(key, "%q is not a field; write a name, or names joined by dots", dotted)
	}
	return p
}

// get reads the value at the place; it is false where there is none.
func (p place) get(v any) (any, bool) {
	for _, part := range p {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[part]; !ok {
			return nil, false
		}
	}
	return v, true
}

// put writes a value at the place and makes the maps on the way. The maps it meets must be its own.
func (p place) put(m map[string]any, v any) {
	last := len(p) - 1
	for _, part := range p[:last] {
		next, ok := m[part].(map[string]any)
		if !ok {
			next = make(map[string]any, 1)
			m[part] = next
		}
		m = next
	}
	m[p[last]] = v
}

func (p place) String() string { return strings.Join(p, ".") }

// meets says that one place is the other, or above it, so that writing at both would mix them up.
func (p place) meets(q place) bool {
	n := min(len(p), len(q))
	return n > 0 && slices.Equal(p[:n], q[:n])
}

// apart notes places that meet.
func (m *mistakes) apart(key string, list []place) {
	for i, p := range list {
		if slices.ContainsFunc(list[:i], p.meets) {
			m.add(key+"["+strconv.Itoa(i)+"]", "%s is there twice, or one of the others holds it", p)
		}
	}
}
