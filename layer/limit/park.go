package limit

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// held is kept by a run that has the permit, and has left its goroutine further in.
type held struct{}

// parking holds a permit around next where a run may leave its goroutine: for the permit of a Queue, or inside next.
func parking(l Limiter, next plan.Op) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (out any, err error) {
		p := plan.ParkerOf(f)
		if p == nil {
			err = l.Acquire(ctx)
		} else {
			err = enter(ctx, p, l)
		}
		switch err {
		case nil:
		case plan.ErrParked:
			return in, err
		default:
			return nil, err
		}
		away := false
		defer func() { // also of a step that panics
			if !away {
				l.Release()
			}
		}()
		if out, err = next(ctx, f, in); err == plan.ErrParked {
			p.Keep(held{})
			away = true
			return in, err
		}
		return out, err
	}
}

// enter takes a permit, or leaves the goroutine and takes it when the run comes here again.
func enter(ctx context.Context, p plan.Parker, l Limiter) error {
	switch at := p.Kept().(type) {
	case held:
		return nil
	case Place:
		return wait(ctx, p, at)
	}
	q, ok := l.(Queue)
	if !ok {
		return l.Acquire(ctx)
	}
	if at := q.Enter(p.Park()); at != nil {
		return wait(ctx, p, at)
	}
	return nil
}

// wait leaves the goroutine unless the permit is there or nobody wants it any more.
func wait(ctx context.Context, p plan.Parker, at Place) error {
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
