package parallel

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/weirflow/weir/plan"
)

// The words of the key wait. Quorum is followed by the number in brackets.
const (
	waitAll    = "all"
	waitAny    = "any"
	waitFirst  = "first_success"
	waitQuorum = "quorum"
)

// quorum reads the key wait: how many branches must succeed, 0 for all of them.
func quorum(wait string) (int, error) {
	switch wait {
	case "", waitAll:
		return 0, nil
	case waitAny, waitFirst:
		return 1, nil
	}
	text, ok := strings.CutPrefix(wait, waitQuorum+"(")
	text, closed := strings.CutSuffix(text, ")")
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if !ok || !closed || err != nil || n < 1 {
		return 0, plan.Errorf(plan.CodeConfig, "wait: %.100q is none; use all, any, first_success or quorum(n), where n is 1 or more", wait)
	}
	return n, nil
}

// errLate is what a branch has that ended too late to count, or was stopped because enough others had succeeded.
var errLate = &plan.Error{Code: plan.CodeCanceled, Text: "not counted: enough other branches had succeeded before"}

// tally counts branches as they end. The engine calls it for one at a time.
type tally struct {
	need, left int
	won        []int
}

// ended takes the end of a branch. It says whether the others are stopped: enough have succeeded, or too few can. A branch
// that waits for somebody may still succeed.
func (t *tally) ended(i int, err error) bool {
	switch {
	case err == nil && len(t.won) < t.need:
		t.won = append(t.won, i)
	case err != nil && plan.CodeOf(err) != plan.CodePaused:
		t.left--
	}
	return len(t.won) == t.need || t.left < t.need
}

// race runs the branches until enough have succeeded, and leaves errLate in the others. A run that is resumed comes to the
// same winners: only they run again, from what was recorded. It gives the names of the branches that began.
func (o *op) race(ctx context.Context, f plan.Frame, g *plan.Group) (executed any, err error) {
	t := &tally{need: o.need, left: len(g.Branches)}
	g.Stop = t.ended
	if o.decided == nil {
		err = f.Fork(ctx, g)
		executed = o.executed(g.Branches)
		if err == nil && len(t.won) == o.need {
			drop(g.Branches, t.won)
		}
		return executed, err
	}
	fresh := false
	kept, err := o.decided(ctx, f, 0, func() (any, error) {
		fresh = true
		if err := f.Fork(ctx, g); err != nil {
			return "", err
		}
		if len(t.won) < o.need {
			return "", nil
		}
		return numbers(t.won) + "/" + numbers(begun(g.Branches)), nil
	})
	if err != nil {
		return o.executed(g.Branches), err
	}
	won, ran, ok := strings.Cut(fmt.Sprint(kept), "/")
	switch {
	case !ok && !fresh: // too few succeeded: what they came to was recorded
		err = f.Fork(ctx, g)
		return o.executed(g.Branches), err
	case !ok:
		return o.executed(g.Branches), nil
	case !fresh:
		err = o.again(ctx, f, g, parse(won, len(g.Branches)))
	}
	drop(g.Branches, parse(won, len(g.Branches)))
	names := []string{}
	for _, i := range parse(ran, len(g.Branches)) {
		names = append(names, o.names[i])
	}
	return names, err
}

// again runs the branches that won in an earlier part of the run.
func (o *op) again(ctx context.Context, f plan.Frame, g *plan.Group, won []int) error {
	slices.Sort(won)
	some := &plan.Group{Branches: make([]plan.Branch, len(won)), Width: g.Width}
	for at, i := range won {
		some.Branches[at] = g.Branches[i]
	}
	if enter := g.Enter; enter != nil {
		some.Enter = func(branch context.Context, at int) error { return enter(branch, won[at]) }
	}
	err := f.Fork(ctx, some)
	for at, i := range won {
		g.Branches[i] = some.Branches[at]
	}
	return err
}

// drop leaves errLate in all branches but those that won. What they came to depends on the moment, and must not show.
func drop(branches []plan.Branch, won []int) {
	for i := range branches {
		if !slices.Contains(won, i) {
			branches[i] = plan.Branch{Err: errLate}
		}
	}
}

// begun are the numbers of the branches that began.
func begun(branches []plan.Branch) []int {
	var list []int
	for i := range branches {
		if branches[i].Err != plan.ErrSkipped {
			list = append(list, i)
		}
	}
	return list
}

// numbers are numbers as a text, which every journal can hold.
func numbers(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, " ")
}

// parse reads numbers below n.
func parse(text string, n int) []int {
	var list []int
	for field := range strings.FieldsSeq(text) {
		if i, err := strconv.Atoi(field); err == nil && i >= 0 && i < n {
			list = append(list, i)
		}
	}
	return list
}
