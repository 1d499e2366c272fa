package plan

import (
	"context"
	"sync"
)

// Waits are the waits for people that a step has below it. A step that may be over before they are, such as one that needs only some of its
// branches, gives them up then, so that nobody is asked in vain. It is safe for use by several goroutines.
type Waits struct {
	round *Waits // those of a step round this one
	mu    sync.Mutex
	ends  []func()
}

// waitsKey is the key under which a context holds its Waits.
type waitsKey struct{}

// WithWaits gives a context under which waits are noted.
func WithWaits(ctx context.Context) (context.Context, *Waits) {
	w := &Waits{}
	w.round, _ = ctx.Value(waitsKey{}).(*Waits)
	return context.WithValue(ctx, waitsKey{}, w), w
}

// NoteWait notes a wait that begins under ctx; end gives it up, and may be called more than once. It is for steps that wait.
func NoteWait(ctx context.Context, end func()) {
	w, _ := ctx.Value(waitsKey{}).(*Waits)
	for ; w != nil; w = w.round {
		w.mu.Lock()
		w.ends = append(w.ends, end)
		w.mu.Unlock()
	}
}

// End gives the waits up.
func (w *Waits) End() {
	w.mu.Lock()
	ends := w.ends
	w.ends = nil
	w.mu.Unlock()
	for _, end := range ends {
		end()
	}
}
