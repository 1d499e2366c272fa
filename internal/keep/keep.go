// Package keep lets a layer write to a run's state although the step that it stands round has failed.
package keep

import (
	"context"
	"runtime/debug"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Despite runs next and then write, which is given the failure of next, nil for a success. When next failed, what it wrote to
// the state is dropped first (unless it said plan.KeepState), and what write writes stays: the error is marked so. Write is
// not called when the step was not at fault: after an error that no handler may swallow, and when the context has ended.
// Outside a run there is no state, and write is given a nil scope.
func Despite(next plan.Op, write func(ctx context.Context, f plan.Frame, scope *state.Scope, failure error)) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		scope := state.ScopeOf(ctx)
		var mark state.Mark
		if scope != nil {
			mark = scope.Mark()
		}
		out, err := call(ctx, next, f, in)
		if err == nil {
			write(ctx, f, scope, nil)
			return out, nil
		}
		if plan.Final(err) || ctx.Err() != nil {
			return out, err
		}
		err, kept := plan.StateKept(err)
		if scope != nil && !kept {
			scope.Rollback(mark)
		}
		write(ctx, f, scope, err)
		return out, plan.KeepState(err)
	}
}

// call runs an op; a panic is a failure like any other, to be written down.
func call(ctx context.Context, op plan.Op, f plan.Frame, in any) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, &plan.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return op(ctx, f, in)
}
