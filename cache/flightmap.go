package cache

import "sync"

// flightMap is where the flights of one place are found: a map and a lock, as golang.org/x/sync/singleflight has them. It is the
// plain twin of FlightTable.
type flightMap struct {
	mu    sync.Mutex
	going map[string]*Lead
}

func (m *flightMap) enter(l *Lead) (other *Lead) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if other = m.going[l.key]; other != nil && other.flies() {
		return other
	}
	if m.going == nil {
		m.going = map[string]*Lead{}
	}
	m.going[l.key] = l
	return nil
}

func (m *flightMap) leave(l *Lead) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.going[l.key] == l {
		delete(m.going, l.key)
	}
}
