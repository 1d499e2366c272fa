package pool

import (
	"fmt"
	"reflect"
	"sync"
)

// Set is pools of several types, one for each, bounded alike and counted together: those of weir.Config.Pools. The zero value is ready and
// keeps up to DefaultMax free objects of a type. It is safe for use by several goroutines and must not be copied.
type Set struct {
	// Max is how many free objects of a type are kept; it counts when the first of the type is asked for, later SetMax changes it. 0: DefaultMax.
	// Negative: none, each Get makes one, and nothing is counted.
	Max int

	mu    sync.Mutex
	max   int                     // what SetMax said; 0: nothing
	pools map[reflect.Type]member // by the type of their objects
}

// member is what all pools can do.
type member interface {
	Stats() Stats
	SetMax(n int) error
	Trim() int
}

// Of gives the set's pool of T, made by c the first time; the bound is the set's, whatever c says.
func Of[T any](s *Set, c Config[T]) *Pool[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := reflect.TypeFor[T]()
	if p, ok := s.pools[t].(*Pool[T]); ok {
		return p
	}
	if c.Max = s.Max; s.max > 0 {
		c.Max = s.max
	}
	if s.pools == nil {
		s.pools = map[reflect.Type]member{}
	}
	p := New(c)
	s.pools[t] = p
	return p
}

// Stats gives what each pool has done so far, by the type of its objects as Go writes it: "local.frame". Types of two packages that are written
// alike are one entry, whose figures are those of either.
func (s *Set) Stats() map[string]Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := make(map[string]Stats, len(s.pools))
	for t, p := range s.pools {
		m[t.String()] = p.Stats()
	}
	return m
}

// SetMax changes how many free objects of each type are kept, now and of types that come later. A number below 1 is an error, as is every number where
// Max is negative; the old one is kept then.
func (s *Set) SetMax(n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 1 || s.Max < 0 {
		return fmt.Errorf("pool: a set that keeps %d objects of a type cannot keep %d instead; give 1 or more, and no negative Max", s.bound(), n)
	}
	s.max = n
	for _, p := range s.pools {
		if err := p.SetMax(n); err != nil {
			return err
		}
	}
	return nil
}

// bound is how many are kept. The caller holds mu.
func (s *Set) bound() int {
	switch {
	case s.max > 0:
		return s.max
	case s.Max == 0:
		return DefaultMax
	}
	return max(s.Max, 0)
}

// Trim drops what was free all the time since the last trimming, and gives how many objects that were.
func (s *Set) Trim() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.pools {
		n += p.Trim()
	}
	return n
}
