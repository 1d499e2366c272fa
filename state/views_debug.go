//go:build weirdebug

package state

import (
	"fmt"
	"sync"
)

// views remembers what the values that View shared looked like, to find out who modified one.
type views struct {
	mu  sync.Mutex
	was map[*entry]any
}

// note remembers the value of e, which is about to be shared.
func (v *views) note(e *entry) any {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.was == nil {
		v.was = make(map[*entry]any)
	}
	if _, ok := v.was[e]; !ok {
		v.was[e] = e.fresh()
	}
	return e.value
}

// check panics if a value that View shared is not what it was.
func (v *views) check() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for e, was := range v.was {
		if !equal(&e.key.facts, was, e.value) {
			panic(fmt.Sprintf("state: the value of key %q was modified after View: use Get for a value of your own", e.key.name))
		}
	}
}

// clear forgets all values.
func (v *views) clear() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.was = nil
}
