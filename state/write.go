package state

// Write is a key as somebody left it, to be kept in a journal and applied again: to the same run, when it is resumed.
type Write struct {
	// Name is the key's; Value what it holds, shared: it must not be modified. Deleted says that it is unset.
	Name    string
	Value   any
	Deleted bool

	// key keeps the reducer and the type as long as the write does not leave the process.
	key *declaration
}

// Writes gives each key that has another value than before, private ones included, in order of their names.
func (c Changes) Writes() []Write {
	var list []Write
	for name, change := range c.All() {
		w := Write{Name: name, Value: change.Is, Deleted: change.Deleted}
		if !w.Deleted {
			if e := c.next.named(name); e != nil {
				w.key = e.key
			}
		}
		list = append(list, w)
	}
	return list
}

// Apply writes what was written before. The values are handed over. It fails with *TypeError if a key that the run declares no
// longer takes its value; what stands before that one is written then.
func (s *Scope) Apply(writes []Write) error {
	for _, w := range writes {
		switch {
		case w.Deleted:
			s.Remove(w.Name)
		case w.key != nil:
			s.set(w.key, w.Value)
		default:
			if err := s.Store(w.Name, w.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

// Begun gives the writes of what a run begins with.
func Begun(values []Value) []Write {
	var list []Write
	for _, v := range values {
		if v.set {
			list = append(list, Write{Name: v.key.name, Value: v.value, key: v.key})
		}
	}
	return list
}

// Portable gives writes as they are after they left the process: without what only this process knows of their keys.
func Portable(writes []Write) []Write {
	if len(writes) == 0 {
		return nil
	}
	list := make([]Write, len(writes))
	for i, w := range writes {
		list[i] = Write{Name: w.Name, Value: w.Value, Deleted: w.Deleted}
	}
	return list
}
