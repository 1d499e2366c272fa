// Package layertest holds what the tests of layers need: a frame that remembers what it was told, a way to build one op
// under layers, and Passes, the suite that every layer passes. Authors of their own layers use it too.
package layertest

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/weirflow/weir/plan"
)

// Frame is a plan.Frame without an engine: it runs attempts and remembers notes and retries. It runs no children. The zero
// value is ready; it belongs to one goroutine.
type Frame struct {
	// Notes are the facts noted, by key.
	Notes map[string]any
	// Retries are the calls of Retried, in order.
	Retries []Retry
}

// Retry is one call of Frame.Retried.
type Retry struct {
	Attempt int
	Err     error
	Wait    time.Duration
}

var _ plan.Frame = (*Frame)(nil)

var errNoChildren = errors.New("layertest: this frame runs no children")

// Do fails: there are no children.
func (*Frame) Do(context.Context, *plan.Block, int, any) (any, error) { return nil, errNoChildren }

// Fork fails: there are no children.
func (*Frame) Fork(context.Context, *plan.Group) error { return errNoChildren }

// Each fails: there are no children.
func (*Frame) Each(context.Context, *plan.Items) error { return errNoChildren }

// Try runs op as one attempt; a panic becomes a *plan.PanicError. There is no state to drop.
func (f *Frame) Try(ctx context.Context, op plan.Op, in any) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, &plan.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return op(ctx, f, in)
}

// Retried remembers the retry.
func (f *Frame) Retried(_ *plan.Site, attempt int, err error, wait time.Duration) {
	f.Retries = append(f.Retries, Retry{attempt, err, wait})
}

// Note remembers the fact.
func (f *Frame) Note(_ *plan.Site, key string, value any) {
	if f.Notes == nil {
		f.Notes = map[string]any{}
	}
	f.Notes[key] = value
}

// Progress does nothing.
func (*Frame) Progress(*plan.Site, int, int) {}

// Path is the path as written.
func (*Frame) Path(at *plan.Site) string { return at.Path }

// Key is the path as written.
func (*Frame) Key(at *plan.Site) string { return at.Path }

// Facts are one attempt and the notes so far.
func (f *Frame) Facts(*plan.Site) plan.Facts { return plan.Facts{Attempts: 1, Notes: f.Notes} }

// Restore remembers the notes.
func (f *Frame) Restore(at *plan.Site, facts plan.Facts) {
	for key, value := range facts.Notes {
		f.Note(at, key, value)
	}
}

// Chunks is nil: nobody waits for parts.
func (*Frame) Chunks(*plan.Site) func(string) { return nil }

// RunID is "test".
func (*Frame) RunID() string { return "test" }
