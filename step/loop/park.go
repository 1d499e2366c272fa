package loop

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// stage is where in a round a run has left its goroutine.
type stage uint8

const (
	resting stage = iota // before the round
	working              // in the body
	judging              // in the judge of Refine
)

// left is a loop whose run has left its goroutine: what the loop must know when it is called again.
type left struct {
	pass
	stage stage
	next  any        // the input of the round
	draft any        // what the judge is asked about
	rest  *plan.Rest // the wait between rounds
}

// Reenters is true: a run that waits between rounds, or in one, may leave its goroutine.
func (*node) Reenters() bool { return true }

// comeBack takes up a loop that its run left.
//
//go:noinline
func (p *pass) comeBack(f plan.Frame) {
	parker := plan.ParkerOf(f)
	if parker == nil {
		return
	}
	if l, ok := parker.Kept().(*left); ok {
		*p = l.pass
		p.left = l
	}
}

// inRound says that the run comes back into a round.
func (p *pass) inRound() bool { return p.left != nil && p.left.stage != resting }

// taken gives where the loop was, once; nil when it goes on from there.
func (p *pass) taken() *left {
	l := p.left
	p.left = nil
	return l
}

// leave keeps the loop for when it is called again.
//
//go:noinline
func (p *pass) leave(f plan.Frame, l left) {
	l.pass = *p
	p.left = &l
	plan.ParkerOf(f).Keep(p.left)
}

// ended is what a loop returns with an error: its last output, for inspection. One that is left gives its input back.
func (p *pass) ended(in any, err error) (any, error) {
	if err == plan.ErrParked {
		return in, err
	}
	return p.output(), err
}

// sleep waits between rounds, without a goroutine where that can be.
func (c *course) sleep(ctx context.Context, f plan.Frame, p *pass, next any) error {
	if !c.parks || c.delay < plan.LeastRest {
		return plan.Sleep(ctx, f, c.delay)
	}
	parker := plan.ParkerOf(f)
	if parker == nil {
		return plan.Sleep(ctx, f, c.delay)
	}
	var rest *plan.Rest
	if l := p.taken(); l != nil {
		rest = l.rest
	} else {
		rest = plan.RestFor(c.delay, parker.Park())
	}
	err := rest.Over(ctx)
	if err == plan.ErrParked {
		p.leave(f, left{stage: resting, next: next, rest: rest})
	}
	return err
}
