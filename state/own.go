package state

import (
	"reflect"
	"sync"
)

// copies holds the copies that Get made in one scope, so that a second Get gives the same one. They are
// kept by entry: whatever writes a key makes another entry, and its next Get another copy.
type copies struct {
	mu sync.Mutex
	of map[*entry]any
}

// own returns a value of e that belongs to this scope.
func (s *Scope) own(e *entry) any {
	if e.flat {
		return e.value
	}
	c := s.copies.Load()
	if c == nil {
		s.copies.CompareAndSwap(nil, &copies{of: make(map[*entry]any)})
		c = s.copies.Load()
	}
	if v, ok := c.get(e); ok {
		return v
	}
	return c.keep(e, e.fresh()) // copied without the lock: it may be large
}

func (c *copies) get(e *entry) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.of[e]
	return v, ok
}

// keep notes the copy of e, unless another goroutine was first, and returns the one that counts.
func (c *copies) keep(e *entry, v any) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	if first, ok := c.of[e]; ok {
		return first
	}
	c.of[e] = v
	return v
}

// forget drops copies after a write of e: those of entries that can no longer be read, and one that
// was itself handed over as e's value, for then it is no longer the reader's.
func (s *Scope) forget(now *version, e *entry) {
	c := s.copies.Load()
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for old, v := range c.of {
		if gone(now, old) || e != nil && !e.flat && alias(v, e.value) {
			delete(c.of, old)
		}
	}
}

// gone reports whether an entry is neither what now holds nor the default that stands in for nothing.
func gone(now *version, e *entry) bool {
	held := now.get(e.key)
	return held != e && (held != nil || e.key.def != e)
}

// alias reports whether a and b are the same pointer, map or beginning of a list.
func alias(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch x.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return x.Kind() == y.Kind() && x.UnsafePointer() == y.UnsafePointer()
	}
	return false
}
