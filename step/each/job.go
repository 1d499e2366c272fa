package each

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// job is one execution of a map step.
type job struct {
	op      *op
	frame   plan.Frame
	items   items
	results results
	ended   atomic.Int64

	mu          sync.Mutex // guards what follows
	failed      int
	first, last failure // of the items that failed, by number; those that were stopped are not among them
	final       failure // the first that was stopped, or failed with what nobody may swallow
	changes     []changed
	begun       begun // where that is kept
}

// changed is what one item wrote to the state.
type changed struct {
	index   int
	changes state.Changes
}

// each runs the body for every item and merges what the items did to the state.
func (j *job) each(ctx context.Context) error {
	it := &plan.Items{N: j.items.n, Width: max(1, j.op.spec.Width), Block: j.op.body, In: j.items.at, Done: j.done}
	if j.op.spec.ShowItem {
		it.In = j.shown
	}
	err := j.run(ctx, it)
	over := j.first.err != nil && j.op.stops
	if err != nil && !(over && plan.CodeOf(err) == plan.CodePaused) { // an item that waits is not waited for when the step is over
		return err
	}
	if over {
		return j.first.err
	}
	if j.final.err != nil {
		return j.final.err
	}
	return j.merge(ctx)
}

// done takes what became of item i. It says whether that ends the step.
func (j *job) done(ctx context.Context, i int, out any, err error) bool {
	if stopped, ok := out.(*plan.Stopped); ok {
		out, err = nil, stopped.Err
	}
	if err == nil {
		if err = j.results.keep(i, out); err != nil {
			err = plan.Errorf(plan.CodeType, "item %d: %w", i, err)
		}
	}
	stop := err != nil && j.fail(i, err)
	if j.op.kept != nil {
		stop = j.left(i, err, stop)
	}
	if err == nil && !j.op.spec.ShowItem {
		j.changed(ctx, i)
	}
	j.frame.Progress(j.op.site, int(j.ended.Add(1)), j.items.n)
	return stop
}

// fail takes the failure of an item. What nobody may swallow is left to the engine, which knows what it means for others.
func (j *job) fail(i int, err error) bool {
	j.results.fail(i, err)
	final := plan.Final(err)
	j.mu.Lock()
	defer j.mu.Unlock()
	if final {
		if j.final.err == nil || i < j.final.index {
			j.final = failure{i, err}
		}
		return false
	}
	if j.failed++; j.failed == 1 || i < j.first.index {
		j.first = failure{i, err}
	}
	if j.failed == 1 || i > j.last.index {
		j.last = failure{i, err}
	}
	return j.op.stops
}

// changed keeps what an item wrote to the state, if it did.
func (j *job) changed(ctx context.Context, i int) {
	if s := state.ScopeOf(ctx); s != nil {
		j.keep(i, s.Changes())
	}
}

func (j *job) keep(i int, c state.Changes) {
	if c == (state.Changes{}) || j.op.strategy == state.NoMerge {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.changes = append(j.changes, changed{i, c})
}

// merge brings the changes of the items into the state of ctx, in item order.
func (j *job) merge(ctx context.Context) error {
	into := state.ScopeOf(ctx)
	if len(j.changes) == 0 || into == nil {
		return nil
	}
	slices.SortFunc(j.changes, func(a, b changed) int { return cmp.Compare(a.index, b.index) })
	branches := make([]state.Branch, len(j.changes))
	for i, c := range j.changes {
		branches[i] = state.Branch{Name: fmt.Sprintf("item %d", c.index), Changes: c.changes}
	}
	report, err := state.Merge(into, branches, j.op.strategy, public(branches))
	if err == nil {
		if len(report.Account.Keys) > 0 {
			j.frame.Note(j.op.site, "merge", report.Account)
		}
		return nil
	}
	code := plan.CodeState
	if _, ok := errors.AsType[*state.ConflictError](err); ok {
		code = plan.CodeConflict
	}
	return plan.Errorf(code, "the states of the items cannot be merged: %w", err)
}

// public are the keys that the items changed, but for the private ones: what expressions know of an item ends with it.
func public(branches []state.Branch) state.Include {
	keys := map[string]bool{}
	for _, b := range branches {
		for key := range b.Changes.All() {
			if !strings.HasPrefix(key, state.PrivatePrefix) {
				keys[key] = true
			}
		}
	}
	return append(state.Include{}, slices.Sorted(maps.Keys(keys))...)
}

// note keeps the facts about the execution for the step's result.
func (j *job) note() {
	at := j.op.site
	j.frame.Note(at, "items", j.items.n)
	j.frame.Note(at, "failed", j.failed)
	if j.failed == 0 {
		return
	}
	j.frame.Note(at, "first_error", j.first.err.Error())
	j.frame.Note(at, "last_error", j.last.err.Error())
	j.frame.Note(at, "feedback", fmt.Sprintf("%d of %d items failed", j.failed, j.items.n))
}
