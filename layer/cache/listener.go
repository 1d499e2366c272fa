package cache

import (
	"context"
	"slices"
	"sync"

	"github.com/weirflow/weir/plan"
)

// listener is the frame of a step whose result is to be kept: it hears what this execution notes about the step, whether or
// not somebody asked the engine to keep it.
type listener struct {
	plan.Frame
	site *plan.Site

	mu    sync.Mutex
	notes map[string]any
}

// Note hears a fact and passes it on.
func (l *listener) Note(at *plan.Site, key string, value any) {
	if at == l.site {
		l.hear(key, value)
	}
	l.Frame.Note(at, key, value)
}

func (l *listener) hear(key string, value any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.notes == nil {
		l.notes = map[string]any{}
	}
	if more, ok := value.([]string); ok {
		if have, ok := l.notes[key].([]string); ok {
			value = slices.Concat(have, more)
		}
	}
	l.notes[key] = value
}

// Try lets an attempt be heard as well: an engine gives the op its own frame.
func (l *listener) Try(ctx context.Context, op plan.Op, in any) (any, error) {
	return l.Frame.Try(ctx, func(ctx context.Context, _ plan.Frame, in any) (any, error) { return op(ctx, l, in) }, in)
}
