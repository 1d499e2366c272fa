package plan

// sequenceKind is the kind of a Sequence.
const sequenceKind = "sequence"

// Sequence runs steps one after the other; the output of each is the input of the next.
type Sequence struct {
	// Steps in order. None: the sequence returns its input.
	Steps []*Step
}

// Kind is "sequence".
func (q *Sequence) Kind() string { return sequenceKind }

// Children are the steps.
func (q *Sequence) Children() []Child {
	kids := make([]Child, len(q.Steps))
	for i, s := range q.Steps {
		kids[i].Step = s
	}
	return kids
}

// Writes gives what its steps write: all of them run.
func (q *Sequence) Writes(t *Tree) []Write {
	var all []Write
	for _, c := range t.Children {
		all = append(all, c.Writes()...)
	}
	return all
}

// Explain says that the steps follow each other.
func (q *Sequence) Explain() string {
	switch len(q.Steps) {
	case 0:
		return "passes its input on: there is nothing in it"
	case 1:
		return "runs the step below"
	}
	return "runs the steps below one after the other"
}

// Reenters is true: the frame knows at which of its steps a strand was.
func (q *Sequence) Reenters() bool { return true }

// Build makes the op of a sequence that has layers round it; one without is a block and needs no op.
func (q *Sequence) Build(b *Builder) Op { return within(b.Sequence()) }
