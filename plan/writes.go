package plan

import "reflect"

// Write is a place in the run's state that a step says it writes. What is known before a run finds conflicts between
// branches then.
type Write struct {
	// Path is a key, and with dots the names of the maps' keys inside its value.
	Path string
	// Type is that of what is written; nil: not known.
	Type reflect.Type
	// Reduced says that the key has a reducer.
	Reduced bool
	// IfDeclared says that the step writes the place only in a run that declares the key.
	IfDeclared bool
	// Site is the step that writes.
	Site *Site
}

// Writer is implemented by layers that write to the run's state and know where, and by nodes that pass on what steps below
// them write.
type Writer interface {
	// Writes gives what is written each time that the step at t succeeds; what may be written or not is left out. Those
	// of the steps below are in t.Children, in the order of Node.Children. Site may be left nil for the step itself.
	Writes(t *Tree) []Write
}

// Writes gives what the step at t, and what stands below it, writes to the run's state each time that it succeeds, as far as
// the steps say so. Of steps below a kind nothing is known unless the kind is a Writer; sequences are.
func (t *Tree) Writes() []Write {
	if t == nil || t.Step == nil || t.Step.Node == nil {
		return nil
	}
	var all []Write
	if w, ok := t.Step.Node.(Writer); ok {
		all = w.Writes(t)
	}
	for _, l := range t.Step.Layers {
		if w, ok := l.(Writer); ok {
			all = append(all, w.Writes(t)...)
		}
	}
	for i := range all {
		if all[i].Site == nil {
			all[i].Site = t.Under
		}
	}
	return all
}

// Writes gives what child i writes to the run's state each time that it succeeds; see Tree.Writes.
func (b *Builder) Writes(i int) []Write {
	if i >= len(b.tree.Children) {
		return nil
	}
	return b.tree.Children[i].Writes()
}
