package hash

// Matcher lets tests compare a form with a value, and Sketch find what is alike.
type Matcher struct{ keys Keys }

// Matches says that f was recognised as the form of v.
func (m *Matcher) Matches(f string, v any) bool {
	s := m.keys.shapeOf(v)
	is := m.keys.matcher.matches(form(f), v)
	if s.is(form(f), v) != is {
		panic("a shape says something else")
	}
	return is
}

// Sketch gives the sketch of v.
func (m *Matcher) Sketch(v any) uint64 {
	s := m.keys.shapeOf(v)
	return s.near(v)
}
