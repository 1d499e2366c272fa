package loop

import (
	"context"
	"fmt"
	"time"

	"github.com/weirflow/weir/plan"
)

// course is a loop as it runs: immutable, shared by all runs.
type course struct {
	hooks
	body, judges *plan.Block // judges: only for Refine
	max, total   int         // total: for reports of progress; -1 when it is not known
	fails        bool        // reaching max is a failure
	resilient    bool        // goes on after a failed round
	parks        bool        // a run may leave its goroutine in the loop
	delay        time.Duration
	site         *plan.Site
	kept         kept // what the loop's own functions came to
}

// pass is one execution of a loop. It stays on the stack.
type pass struct {
	moment
	have   bool  // a round has given an output
	failed error // the last failed round, when the loop went on
	// reason is why the loop ends if what comes next goes wrong, so that it is right also when that panics.
	reason any
	// left is where the loop was when its run left its goroutine; nil unless it comes back there.
	left *left
}

// run is the op. A round that succeeds allocates nothing here.
func (c *course) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	p := pass{moment: moment{in: in, last: in}}
	if c.parks {
		p.comeBack(f)
	}
	defer p.tell(f, c.site)
	next, err := c.begin(ctx, f, &p)
	if err != nil {
		return nil, err
	}
	for {
		if c.while != nil && p.left == nil {
			p.reason = ExitAsked
			more, err := c.asked(ctx, f, c.kept.while, c.while, p.moment)
			if err != nil {
				return p.output(), p.wrong("the condition of the loop failed", err)
			}
			if !more {
				return c.end(ctx, f, &p, ExitCondition)
			}
		}
		if p.rounds == c.max {
			return c.end(ctx, f, &p, ExitMax)
		}
		if p.rounds > 0 && !p.inRound() {
			if next, err = c.between(ctx, f, &p, next); err != nil {
				return p.ended(in, err)
			}
		}
		if err := c.round(ctx, f, &p, next); err != nil {
			return p.ended(in, err)
		}
		if c.until == nil || !p.have {
			continue
		}
		p.reason = ExitAsked
		done, err := c.asked(ctx, f, c.kept.until, c.until, p.moment)
		if err != nil {
			return p.output(), p.wrong("the exit condition of the loop failed", err)
		}
		if done {
			return c.end(ctx, f, &p, ExitCondition)
		}
	}
}

// begin makes the first round's input.
func (c *course) begin(ctx context.Context, f plan.Frame, p *pass) (any, error) {
	if p.left != nil {
		return p.left.next, nil
	}
	if c.start == nil {
		return p.in, nil
	}
	p.reason = ExitStart
	next, err := c.made(ctx, f, c.kept.start, c.start, p.moment)
	if err != nil {
		return nil, p.wrong("the loop's initial input could not be made", err)
	}
	return next, nil
}

// between waits, and makes the next round's input. Before there is an output the input stays what it was.
func (c *course) between(ctx context.Context, f plan.Frame, p *pass, before any) (any, error) {
	p.reason = ExitNext
	if c.delay > 0 {
		if err := c.rest(ctx, f, p, before); err != nil {
			p.reason = nil
			return nil, err
		}
	}
	switch {
	case !p.have:
		return before, nil
	case c.next == nil:
		return p.last, nil
	}
	next, err := c.made(ctx, f, c.kept.next, c.next, p.moment)
	if err != nil {
		return nil, p.wrong("the next round's input could not be made", err)
	}
	return next, nil
}

// round runs the body once. The error is one that ends the loop; it is the body's own, so that its path stays the deepest.
func (c *course) round(ctx context.Context, f plan.Frame, p *pass, in any) error {
	p.reason = ExitBody
	out, err := c.worked(ctx, f, p, in)
	if err != nil && plan.Final(err) {
		return p.wrong("", err)
	}
	p.rounds++
	f.Progress(c.site, p.rounds, c.total)
	switch {
	case err == nil:
		p.last, p.have = out, true
	case c.resilient:
		p.failed = err
	default:
		return err
	}
	return nil
}

// worked runs the body, and the judge where there is one. A run that comes back goes on in the one that it left.
func (c *course) worked(ctx context.Context, f plan.Frame, p *pass, in any) (out any, err error) {
	at, draft := working, any(nil)
	if l := p.taken(); l == nil || l.stage != judging {
		draft, err = f.Do(ctx, c.body, p.rounds, in)
	} else {
		draft = l.draft
	}
	out = draft
	if err == nil && c.judges != nil {
		at = judging
		out, err = c.judge(ctx, f, p.rounds, draft)
	}
	if err == plan.ErrParked {
		p.leave(f, left{stage: at, next: in, draft: draft})
	}
	return out, err
}

// end makes the loop's output and decides whether it is a success.
func (c *course) end(ctx context.Context, f plan.Frame, p *pass, reason any) (out any, err error) {
	switch {
	case p.rounds > 0 && !p.have: // every round failed: there is nothing to make an output of
	case c.finish != nil:
		p.reason = ExitFinish
		if out, err = c.made(ctx, f, c.kept.finish, c.finish, p.moment); err != nil {
			return nil, p.wrong("the loop's output could not be made", err)
		}
	default:
		out = p.last
	}
	p.reason = reason
	if reason == ExitMax && c.fails {
		return out, c.exhausted(p)
	}
	return out, p.failed
}

// exhausted is the error of a loop that reached its maximum before its condition held.
func (c *course) exhausted(p *pass) error {
	text := fmt.Sprintf("the loop reached its maximum of %d rounds before its exit condition held", c.max)
	if c.why != nil && p.have {
		if why := c.why(p.moment); why != "" {
			text = fmt.Sprintf("%s; the last verdict was: %.500s", text, why)
		}
	}
	if p.failed != nil {
		text = fmt.Sprintf("%s; the last failed round: %v", text, p.failed)
	}
	return &plan.Error{Code: plan.CodeMaxLoops, Text: text, Err: p.failed}
}

// wrong says what failed. What no handler may swallow stays as it is, and is not the loop's doing.
func (p *pass) wrong(what string, err error) error {
	if !plan.Final(err) {
		return fmt.Errorf("%s: %w", what, err)
	}
	p.reason = nil
	if plan.CodeOf(err) == plan.CodeBudget {
		p.reason = ExitBudget
	}
	return err
}

// output is the last output there was, for inspection beside a failure.
func (p *pass) output() any {
	if p.have {
		return p.last
	}
	return nil
}

// tell notes how the loop ended.
func (p *pass) tell(f plan.Frame, site *plan.Site) {
	if p.left == nil {
		note(f, site, p.reason, p.rounds)
	}
}
