package limit

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// queued holds a permit around next. A run that was started and has to wait leaves its goroutine meanwhile.
func queued(q Queue, next plan.Op) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		if p := plan.ParkerOf(f); p == nil {
			if err := q.Acquire(ctx); err != nil {
				return nil, err
			}
		} else if err := enter(ctx, p, q); err != nil {
			return in, err
		}
		defer q.Release()
		return next(ctx, f, in)
	}
}

// enter takes a permit, or leaves the goroutine and takes it when the run comes here again.
func enter(ctx context.Context, p plan.Parker, q Queue) error {
	at, again := p.Kept().(Place)
	if !again {
		if at = q.Enter(p.Park()); at == nil {
			return nil
		}
	}
	switch {
	case at.Taken():
		return nil
	case ctx.Err() != nil:
		at.Leave()
		return ended(ctx)
	}
	p.Keep(at)
	return plan.ErrParked
}
