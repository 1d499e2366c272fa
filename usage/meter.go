package usage

import (
	"context"
	"sync"
)

// Meter adds up what is used, over runs. Implementations are safe for use by several goroutines and must not block.
type Meter interface {
	// Add counts u.
	Add(ctx context.Context, u Usage)
	// Total is everything counted so far, read at one moment.
	Total() Usage
}

// Totals is a Meter in memory. The zero value is ready; it must not be copied after first use.
type Totals struct {
	mu  sync.Mutex
	sum Usage
}

// Add counts u, with negative numbers as 0.
func (t *Totals) Add(_ context.Context, u Usage) {
	u = u.Clamp()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sum = t.sum.Add(u)
}

// Total is everything counted so far; its fields belong together.
func (t *Totals) Total() Usage {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sum
}

// Nop is a Meter that counts nothing.
type Nop struct{}

// Add does nothing.
func (Nop) Add(context.Context, Usage) {}

// Total is zero.
func (Nop) Total() Usage { return Usage{} }

var (
	_ Meter = (*Totals)(nil)
	_ Meter = Nop{}
)
