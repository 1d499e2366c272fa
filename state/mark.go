package state

// Mark is a point in the life of a scope. Marks of one scope compare with ==: they are equal when
// nothing was written between them. The zero value is the mark of an untouched zero Scope.
type Mark struct{ at *version }

// Mark returns the point to which Rollback may go back. It is one atomic load.
func (s *Scope) Mark() Mark { return Mark{s.now.Load()} }

// Changed reports whether anything was written since m, be it the value that stood there before. It is
// one atomic load.
func (s *Scope) Changed(m Mark) bool { return s.now.Load() != m.at }

// Rollback forgets what was written since m, in s and by merges into it. What Get gave out before and
// since stays with whoever has it; the next Get of a key that was written since gives a new copy.
func (s *Scope) Rollback(m Mark) {
	if s.now.Swap(m.at) != m.at {
		s.forget(m.at, nil)
	}
}

// Since returns what was written in s after m.
func (s *Scope) Since(m Mark) Changes {
	return changes(m.at, m.at, s.now.Load())
}
