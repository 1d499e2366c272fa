package loop

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// kept are the decisions of a loop in a plan that keeps a journal: a run that is resumed does not ask the loop's own functions again for
// rounds that it has done, and does not wait again between them. All are nil in a plan without a journal.
type kept struct{ while, until, start, next, finish, delay plan.Decision }

// keep gives the decisions of a loop.
func keep(b *plan.Builder) kept {
	return kept{
		while: b.Decision("while"), until: b.Decision("until"), start: b.Decision("start"), next: b.Decision("next"),
		finish: b.Decision("finish"), delay: b.Decision("delay"),
	}
}

// asked asks a condition.
func (c *course) asked(ctx context.Context, f plan.Frame, d plan.Decision, condition ask, at moment) (bool, error) {
	if d == nil {
		return condition(ctx, f, at)
	}
	v, err := d(ctx, f, at.rounds, func() (any, error) { return condition(ctx, f, at) })
	yes, _ := v.(bool)
	return yes, err
}

// made makes a value by a mapping.
func (c *course) made(ctx context.Context, f plan.Frame, d plan.Decision, by mapping, at moment) (any, error) {
	if d == nil {
		return by(ctx, f, at)
	}
	return d(ctx, f, at.rounds, func() (any, error) { return by(ctx, f, at) })
}

// rest waits between rounds; next is what the next one works on.
func (c *course) rest(ctx context.Context, f plan.Frame, p *pass, next any) error {
	if c.kept.delay == nil {
		return c.sleep(ctx, f, p, next)
	}
	kept := *p // on the heap, which a loop without a journal does not need
	_, err := c.kept.delay(ctx, f, p.rounds, func() (any, error) { return nil, c.sleep(ctx, f, &kept, next) })
	*p = kept
	return err
}
