package parallel

import (
	"context"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// judgeLabel is the judge's segment in paths.
const judgeLabel = "evaluator"

// Reducing says what makes the output of a parallel step from a blueprint. The zero value gives the map of branch to output.
type Reducing struct {
	Mode      string    `weir:"mode" enum:"keys,values,first,last,union,concat,majority_vote,code_consensus,judge_selection" doc:"keys and values list the names and outputs of the branches that succeeded, first and last take the output of one, union joins maps (later ones win), concat lists; majority_vote takes the output that most branches gave, code_consensus the code, judge_selection what the evaluator picks."`
	Func      spec.Func `weir:"function" doc:"The registered Go function that makes the output, in place of mode. Its input is a list of {branch, success, output, error}."`
	Evaluator spec.Step `weir:"evaluator" doc:"For judge_selection: the step that picks. Its input is {input, candidates: [{branch, output}]}; it gives the name of a branch, or {branch: name}."`
}

var _ spec.Short = (*Reducing)(nil)

// ShortKey is where a single word belongs: reduce: first, reduce: fn:pick.
func (*Reducing) ShortKey(word string) string {
	if strings.HasPrefix(word, "fn:") {
		return "function"
	}
	return "mode"
}

// checkReduce finds the reducer, or says what is wrong with what was written.
func (n *node) checkReduce() error {
	r, into := &n.spec.Reduce, &n.spec.reduced
	judge := r.Evaluator.Step != nil
	switch {
	case r.Func.Call != nil && (r.Mode != "" || judge):
		return plan.Errorf(plan.CodeConfig, "reduce: function decides by itself; drop mode and evaluator, or the function")
	case r.Func.Call != nil:
		into.word, into.call = reduceFunction, calling(n.spec.Branches, r.Func.Call)
	case r.Mode == reduceJudge && !judge:
		return plan.Errorf(plan.CodeConfig, "reduce: judge_selection needs an evaluator, the step that picks: {mode: judge_selection, evaluator: …}")
	case r.Mode != reduceJudge && judge:
		return plan.Errorf(plan.CodeConfig, "reduce: evaluator is for mode: judge_selection")
	case r.Mode == reduceJudge:
		into.word = reduceJudge
		if into.pose == nil {
			into.pose = posed
		}
	case r.Mode != "":
		if into.word, into.ready = r.Mode, ready(r.Mode); into.ready == nil {
			return plan.Errorf(plan.CodeConfig, "reduce: mode %.100q is none; use keys, values, first, last, union, concat, majority_vote, code_consensus, judge_selection, or fn:NAME", r.Mode)
		}
	}
	return nil
}

// calling gives a registered function its input.
func calling(branches spec.Branches, call plan.Op) func(context.Context, plan.Frame, []plan.Branch) (any, error) {
	return func(ctx context.Context, f plan.Frame, ended []plan.Branch) (any, error) {
		list := make([]any, len(ended))
		for i, b := range ended {
			one := map[string]any{"branch": branches[i].Name, "success": b.Err == nil, "output": b.Out}
			if b.Err != nil {
				one["output"], one["error"] = nil, b.Err.Error()
			}
			list[i] = one
		}
		return call(ctx, f, list)
	}
}

// posed is the input of a judge from a blueprint.
func posed(in any, won []success) (any, error) {
	list := make([]any, len(won))
	for i, w := range won {
		list[i] = map[string]any{"branch": w.name, "output": w.out}
	}
	return map[string]any{"input": in, "candidates": list}, nil
}
