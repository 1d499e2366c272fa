package parallel

import (
	"context"
	"fmt"
	"strings"

	"github.com/weirflow/weir/plan"
)

// The ways to make one value of the branches' outputs, as blueprints spell them.
const (
	reduceKeys     = "keys"
	reduceValues   = "values"
	reduceFirst    = "first"
	reduceLast     = "last"
	reduceUnion    = "union"
	reduceConcat   = "concat"
	reduceMajority = "majority_vote"
	reduceCode     = "code_consensus"
	reduceJudge    = "judge_selection"
	reduceFunction = "function" // not a word of blueprints: what notes call a function
)

// ReducedFrom says how a step came from the outputs of its branches to its own; it is noted under "reduced_from".
type ReducedFrom struct {
	// Strategy is the name of the reducer: first, majority_vote …; "function" for a function.
	Strategy string `json:"strategy"`
	// Selected is the branch whose output was taken; empty where no one's was as a whole.
	Selected string `json:"selected_step,omitzero"`
}

// Consensus says how a vote ended; it is noted under "consensus".
type Consensus struct {
	// Strategy is majority_vote or code_consensus.
	Strategy string `json:"strategy"`
	// Votes is how many branches gave the answer that won, Total how many gave one.
	Votes int `json:"votes"`
	Total int `json:"total"`
}

// success is a branch that succeeded.
type success struct {
	name string
	out  any
}

// verdict is what a reducer makes of the branches.
type verdict struct {
	out       any
	selected  string
	consensus *Consensus
}

// reducer is a ready way to make one value of the outputs of the branches that succeeded, in declared order. There is at
// least one.
type reducer func(won []success) (verdict, error)

// reduction is how one step reduces. The zero value does not.
type reduction struct {
	word  string
	ready reducer
	// call is a function of the user's; asked keeps what it gave for a run that is resumed.
	call  func(ctx context.Context, f plan.Frame, branches []plan.Branch) (any, error)
	asked plan.Decision
	// judge picks; pose makes its input.
	judge *plan.Block
	pose  func(in any, won []success) (any, error)
}

// reduce makes the step's output by its reducer.
func (o *op) reduce(ctx context.Context, f plan.Frame, in any, branches []plan.Branch) (any, error) {
	r := &o.reduction
	v := verdict{}
	var err error
	switch {
	case r.judge != nil:
		v, err = o.judged(ctx, f, in, o.successes(branches))
	case r.call == nil:
		v, err = r.ready(o.successes(branches))
	case r.asked == nil:
		v.out, err = r.call(ctx, f, branches)
	default:
		v.out, err = r.asked(ctx, f, 0, func() (any, error) { return r.call(ctx, f, branches) })
	}
	if err != nil {
		return nil, err
	}
	f.Note(o.site, "reduced_from", ReducedFrom{Strategy: r.word, Selected: v.selected})
	if v.consensus != nil {
		f.Note(o.site, "consensus", *v.consensus)
	}
	return v.out, nil
}

// successes are the branches that succeeded, in declared order.
func (o *op) successes(branches []plan.Branch) []success {
	won := make([]success, 0, len(branches))
	for i, b := range branches {
		if b.Err == nil {
			won = append(won, success{o.names[i], b.Out})
		}
	}
	return won
}

// judged lets the judge pick a branch by its name.
func (o *op) judged(ctx context.Context, f plan.Frame, in any, won []success) (verdict, error) {
	question, err := o.pose(in, won)
	if err != nil {
		return verdict{}, err
	}
	answer, err := f.Do(ctx, o.judge, -1, question)
	if err != nil {
		return verdict{}, err
	}
	for _, name := range spoken(answer) {
		for _, w := range won {
			if w.name == name {
				return verdict{out: w.out, selected: name}, nil
			}
		}
	}
	names := make([]string, len(won))
	for i, w := range won {
		names[i] = w.name
	}
	gave := plan.Describe(answer)
	if text, ok := plainly(answer).(string); ok {
		gave = fmt.Sprintf("%.200q", text)
	}
	return verdict{}, plan.Errorf(plan.CodeNoBranch,
		"the judge must name one of the branches (%.500s), as a text or as {branch: name}, but it gave %s", strings.Join(names, ", "), gave)
}
