package weirtest

import (
	"context"
	"testing"

	"github.com/weirflow/weir/state"
)

// Context gives a context in which state keys work, for tests that call a step's function by itself. The values are what
// the state holds at first.
func Context(t testing.TB, values ...state.Value) context.Context {
	t.Helper()
	c := &stateContext{Context: t.Context()}
	c.scope.Init(false, values...)
	return c
}

// stateContext answers for a scope of its own.
type stateContext struct {
	context.Context
	scope state.Scope
}

// Value answers for the state.
func (c *stateContext) Value(key any) any {
	if _, ok := key.(state.ContextKey); ok {
		return &c.scope
	}
	return c.Context.Value(key)
}
