package state

import (
	"fmt"
	"strings"
)

// Parent is the name that conflicts give to what was written in the target of a merge since the fork.
const Parent = "parent"

// Conflict is one place that two branches changed to different values.
type Conflict struct {
	// Key is the place: the name of a key, and with dots the names of the maps' keys inside its value.
	Key string
	// A and B are the branches, in declared order; A may be Parent.
	A, B string
	// Base, AValue and BValue are what stood there at the fork, and what A and B made of it; nil where
	// nothing stands, as after a deletion. They are shared and must not be modified.
	Base, AValue, BValue any
}

// ConflictError says that a merge failed because branches disagree. Its text names each place, the
// branches and the beginning of what each made of it; the values as a whole are in Conflicts.
type ConflictError struct {
	// Conflicts is not empty. It is ordered by key, then by branch.
	Conflicts []Conflict
}

// maxTold is how many conflicts the text of an error names.
const maxTold = 10

// Error names each place and what the two who disagree made of it, and what can be done.
func (e *ConflictError) Error() string {
	var b strings.Builder
	b.WriteString("state: merge conflict for ")
	for i, c := range e.Conflicts {
		if i == maxTold {
			fmt.Fprintf(&b, "; and for %d more", len(e.Conflicts)-i)
			break
		}
		if i > 0 {
			b.WriteString("; for ")
		}
		fmt.Fprintf(&b, "key %q: %s, %s", c.Key, made(c.A, c.AValue), made(c.B, c.BValue))
	}
	b.WriteString(" (give the key to one branch with a field mapping, or declare a reducer for it)")
	return b.String()
}

// made says what a branch, or the parent, made of a place.
func made(branch string, v any) string {
	if branch == Parent {
		return "the parent holds " + show(v)
	}
	return fmt.Sprintf("%q made it %s", branch, show(v))
}
