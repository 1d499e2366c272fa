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

// errStopped is what a branch has that waited for somebody when the step was over.
var errStopped = &plan.Error{Code: plan.CodeCanceled, Text: "stopped: the step did not wait for it any longer"}

// tally counts branches as they end. The engine calls it for one at a time.
type tally struct {
	need, left int
	won        []int
	// fast says that a branch that failed ends the step.
	fast bool
	// over says that the others are stopped; late are those that ended after that, or waited for somebody.
	over bool
	late []int
}

// ended takes the end of a branch. It says whether the others are stopped: enough have succeeded, or too few can. A branch
// that waits for somebody may still succeed.
func (t *tally) ended(i int, err error) bool {
	switch {
	case t.over || plan.CodeOf(err) == plan.CodePaused:
		t.late = append(t.late, i)
	case err == nil && t.need > 0:
		t.won = append(t.won, i)
		t.over = len(t.won) == t.need
	case err != nil && t.fast:
		t.over = !plan.Final(err) // the engine knows better what the others mean for siblings
	case err != nil:
		t.left--
		t.over = t.left < t.need
	}
	return t.over
}

// enough says that so many branches succeeded as must.
func (t *tally) enough() bool { return t.need > 0 && len(t.won) == t.need }

// race runs the branches until the step is over, and leaves errLate in those that did not win. A run that is resumed comes to the same
// winners and failures: what was stopped in an earlier part ends where it was stopped then. It gives the names of the branches that began.
func (o *op) race(ctx context.Context, f plan.Frame, g *plan.Group) (executed any, err error) {
	t := &tally{need: o.need, left: len(g.Branches), fast: o.fast}
	live := func(ctx context.Context) any {
		g.Stop = t.ended
		if err = f.Fork(ctx, g); t.over && plan.CodeOf(err) == plan.CodePaused {
			err = nil
			forsake(g.Branches)
		}
		ran := begun(g.Branches)
		executed = o.executed(g.Branches)
		if err != nil || !t.enough() && len(t.late) == 0 && len(ran) == len(g.Branches) {
			return nil
		}
		return numbers(t.won) + "/" + numbers(ran) + "/" + numbers(t.late)
	}
	again := func(stopped any) {
		parts := strings.SplitN(fmt.Sprint(stopped), "/", 3)
		if len(parts) < 3 {
			live(ctx)
			return
		}
		t.won = parse(parts[0], len(g.Branches))
		err = o.again(ctx, f, g, parse(parts[1], len(g.Branches)), parse(parts[2], len(g.Branches)))
		executed = o.executed(g.Branches)
	}
	if jerr := o.decided.Cut(ctx, f, live, again); jerr != nil {
		return nil, jerr
	}
	if err == nil && t.enough() {
		drop(g.Branches, t.won)
	}
	return executed, err
}

// again runs the branches that ran in an earlier part of the run; those that were stopped then are stopped where they were.
func (o *op) again(ctx context.Context, f plan.Frame, g *plan.Group, ran, late []int) error {
	some := &plan.Group{Branches: make([]plan.Branch, len(ran)), Width: g.Width}
	for at, i := range ran {
		some.Branches[at] = g.Branches[i]
		if slices.Contains(late, i) {
			some.Branches[at].Block = g.Branches[i].Block.Bygone()
		}
	}
	if enter := g.Enter; enter != nil {
		some.Enter = func(branch context.Context, at int) error { return enter(branch, ran[at]) }
	}
	err := f.Fork(ctx, some)
	for i := range g.Branches {
		g.Branches[i].Err = plan.ErrSkipped
	}
	for at, i := range ran {
		g.Branches[i] = some.Branches[at]
		if stopped, ok := some.Branches[at].Out.(*plan.Stopped); ok {
			g.Branches[i].Out, g.Branches[i].Err = nil, stopped.Err
		}
	}
	return err
}

// forsake leaves errStopped in the branches that wait for somebody.
func forsake(branches []plan.Branch) {
	for i := range branches {
		if plan.CodeOf(branches[i].Err) == plan.CodePaused {
			branches[i].Err = errStopped
		}
	}
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
