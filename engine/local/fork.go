package local

import (
	"context"
	"sync"

	"github.com/weirflow/weir/internal/cancel"
	"github.com/weirflow/weir/plan"
)

// fork is one Group that runs. Its workers take branches by number; the caller is one of them.
type fork struct {
	cancel.Lazy
	crew
	g       *plan.Group
	strands []strand
	// caller is the frame that forks: its own strand works too. The others read of it what the caller's branches do not change.
	caller *frame
	parent *strand
	rounds []int32
	tries  []retry    // those of the caller that are live
	stop   sync.Mutex // serialises Group.Stop, and guards own
	// own is the number, from 1, of the first declared branch that ended the group by an error of its own; 0: none did.
	own int
}

// Fork runs the branches of g and returns when all have ended.
func (f *frame) Fork(ctx context.Context, g *plan.Group) error {
	n := len(g.Branches)
	if n == 0 {
		return nil
	}
	k := &fork{g: g, strands: make([]strand, n), caller: f, parent: f.strand, rounds: f.rounds, tries: f.lively()}
	k.Begin(ctx)
	f.strand.divide(k.strands)
	at := f.at
	if f.run.prog.Twins.LazyCancel {
		k.Eager()
	}
	if f.run.prog.Twins.Crew {
		k.crew.goroutines(n, g.Width, k)
	} else {
		k.crew.begin(n, g.Width, k)
	}
	f.strand, f.at = k.parent, at
	k.End(nil)
	f.last = clock()
	if err := verdict(ctx, g.Branches); err != nil || k.own == 0 {
		return err
	}
	return g.Branches[k.own-1].Err
}

// first runs branches in the strand of the caller.
func (k *fork) first(i int) { k.branches(k.caller, i) }

// more runs branches in a goroutine of its own.
func (k *fork) more(i int) {
	f := k.parent.run.shared(nil, clock())
	f.records, f.offset = k.caller.records, k.caller.offset
	f.rounds, f.tries = append(f.rounds, k.rounds...), append(f.tries, k.tries...)
	k.branches(f, i)
	f.release()
}

// branches runs branches from the one given on until none is left.
func (k *fork) branches(f *frame, i int) {
	for ; i >= 0; i = k.take() {
		k.branch(f, i)
		k.strands[i].giveBack()
	}
}

// branch runs one branch in its own strand.
func (k *fork) branch(f *frame, i int) {
	b, s := &k.g.Branches[i], &k.strands[i]
	s.parent, s.run = &k.Lazy, f.run
	if f.run.prog.Twins.LazyCancel {
		s.parent = k.Eager()
	}
	k.parent.scope.Fork(&s.scope)
	b.Ctx, f.strand = s, s
	if k.Ended() {
		b.Err = plan.ErrSkipped
		return
	}
	b.Out, b.Err = k.enter(f, s, i)
	if b.Err == nil {
		b.Out, b.Err = f.steps(s, b.Block, 0, b.In)
	}
	if b.Err != nil && ends(b.Err) {
		k.quit(i)
		k.End(nil)
	}
	if k.g.Stop != nil {
		k.stop.Lock()
		defer k.stop.Unlock()
		if k.g.Stop(i, b.Err) {
			k.End(nil)
		}
	}
}

// quit notes that a branch ends the group. One that was stopped itself because another did has no say.
func (k *fork) quit(i int) {
	k.stop.Lock()
	defer k.stop.Unlock()
	if !k.Ended() && (k.own == 0 || i < k.own) {
		k.own = i + 1
	}
}

// enter calls Group.Enter; a panic there is the branch's failure.
func (k *fork) enter(f *frame, s *strand, i int) (out any, err error) {
	if k.g.Enter == nil {
		return nil, nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return nil, k.g.Enter(s, i)
}

// ends says that an error stops the siblings at once. A pause does not: they run to their end or to their own wait.
func ends(err error) bool { return plan.Final(err) && plan.CodeOf(err) != plan.CodePaused }

// verdict picks the error that the group as a whole returns: of those that nobody may swallow, a budget breach first, then
// others, a pause, an abort; the first declared among equals (spec/core.md §4.1). A branch that was stopped because of a sibling has no
// say; one that says by itself that the run was cancelled is asked last.
func verdict(ctx context.Context, branches []plan.Branch) error {
	var worst error
	rank := 0
	for i := range branches {
		if r := weight(branches[i].Err); r > rank {
			worst, rank = branches[i].Err, r
		}
	}
	if worst == nil && ctx.Err() != nil {
		return stopped(ctx, nil)
	}
	return worst
}

// weight orders errors that nobody may swallow; 0: ordinary, or merely stopped.
func weight(err error) int {
	if err == nil || !plan.Final(err) {
		return 0
	}
	switch plan.CodeOf(err) {
	case plan.CodeCanceled:
		return 0
	case plan.CodeAborted:
		return 1
	case plan.CodePaused:
		return 2
	case plan.CodeBudget:
		return 4
	}
	return 3
}
