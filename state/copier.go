package state

import "reflect"

// Copier makes deep copies of values for components that keep them beside a run: caches, journals. What needs no copy is
// shared, by the same rules as those of Key.Get. It remembers what it learned of types, so one Copier should serve many values.
// The zero value is ready; it is safe for several goroutines and must not be copied once used.
type Copier struct{ facts facts }

// Copy returns a deep copy of v. It costs nothing but a type switch for text, numbers and other values without pointers.
func (c *Copier) Copy(v any) any { return clone(&c.facts, v) }

// Flat says that Copy gives v itself, since the type of v leads to nothing that can be modified.
func (c *Copier) Flat(v any) bool { return v == nil || c.facts.flat(reflect.TypeOf(v)) }
