package parallel

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// kindName is the kind as blueprints, errors and metrics spell it.
const kindName = "parallel"

// Spec says what a parallel step is. The zero value has no branches: it compiles, and fails when it runs.
type Spec struct {
	Branches  spec.Branches       `weir:"branches,required" doc:"The steps that run at the same time, each under its name. All get the step's input."`
	Only      []string            `weir:"context_include_keys" doc:"The context keys that branches see; all others are as if never set. Default: every key."`
	Merge     string              `weir:"merge_strategy" enum:"context_update,overwrite,no_merge,error_on_conflict,keep_first" doc:"What becomes of the changes that the branches make to the context. Default: context_update, which joins them and fails on a conflict."`
	Fields    map[string][]string `weir:"field_mapping" doc:"For a branch, the context keys that count. From a branch that is not named all do."`
	OnFailure string              `weir:"on_branch_failure" enum:"propagate,ignore" doc:"propagate fails the step when a branch failed; ignore lets it succeed as long as one branch did. Default: propagate."`
	Width     int                 `weir:"max_concurrency" doc:"How many branches run at once. Default: 0, all of them."`
	FailFast  bool                `weir:"fail_fast" doc:"Cancel the other branches as soon as one fails."`
	Wait      string              `weir:"wait" doc:"all waits for every branch; any and first_success end the step with the first branch that succeeds and cancel the others, quorum(n) with the first n. Default: all."`
	Reduce    Reducing            `weir:"reduce" doc:"What makes the output, in place of the map of branch to output: a word, or fn:NAME for a registered Go function."`

	// What only Go can say.
	merge    state.MergeFunc
	gather   gather
	join     bool // gather needs every branch and may do work: it is not for a step that fails
	typed    bool // the output is what a reducer makes: there is none for a step that fails
	reduced  reduction
	mistakes []error
}

var _ spec.Spec = (*Spec)(nil)

// Kind is the entry of this kind in the list of kinds. It is constant.
func Kind() spec.Kind {
	return spec.Kind{
		Name: kindName,
		Doc:  "Runs branches at the same time on the same input; the output is a map of branch to output.",
		New:  func() spec.Spec { return &Spec{Merge: state.ContextUpdate.String(), OnFailure: string(Propagate)} },
	}
}

// Node checks the spec and makes the node.
func (s *Spec) Node() (plan.Node, error) {
	n := s.node()
	if len(n.mistakes) > 0 {
		return nil, errors.Join(n.mistakes...)
	}
	return n, nil
}

// node makes the node; what is wrong with the spec stands in it, for whoever builds it to report.
func (s *Spec) node() *node {
	n := &node{spec: *s}
	n.mistakes = slices.Clone(s.mistakes)
	var err error
	if n.strategy, err = state.ParseStrategy(s.Merge); err != nil {
		n.mistake("merge_strategy: %w", err)
	}
	switch FailurePolicy(s.OnFailure) {
	case "", Propagate:
	case Ignore:
		n.ignore = true
	default:
		n.mistake("on_branch_failure: %q is none; use propagate or ignore", s.OnFailure)
	}
	if n.ignore && s.FailFast {
		n.mistake("fail_fast cancels the branches that on_branch_failure: ignore wants to go on; drop one of them")
	}
	if s.Width < 0 {
		n.mistake("max_concurrency: %d; give the number of branches that may run at once, or 0 for all", s.Width)
	}
	if s.merge != nil && (s.Merge != "" || len(s.Fields) > 0) {
		n.mistake("a merge function decides by itself; drop the strategy and the fields, or the function")
	}
	n.checkFields()
	n.checkWait()
	if err := n.checkReduce(); err != nil {
		n.mistakes = append(n.mistakes, err)
	}
	return n
}

// checkFields finds branches that the field mapping names and the step does not have.
func (n *node) checkFields() {
	names := make([]string, len(n.spec.Branches))
	for i, b := range n.spec.Branches {
		names[i] = b.Name
	}
	for _, name := range slices.Sorted(maps.Keys(n.spec.Fields)) {
		if !slices.Contains(names, name) {
			n.mistake("field_mapping: there is no branch %q; the branches are %s", name, strings.Join(names, ", "))
		}
	}
}

// checkWait reads how many branches must succeed.
func (n *node) checkWait() {
	s := &n.spec
	var err error
	if n.need, err = quorum(s.Wait); err != nil {
		n.mistakes = append(n.mistakes, err)
	}
	switch {
	case n.need == 0:
	case n.need > len(s.Branches) && len(s.Branches) > 0:
		n.mistake("wait: %s asks for more branches than the %d there are", s.Wait, len(s.Branches))
	case n.ignore:
		n.mistake("wait: %s says how many branches must succeed; drop on_branch_failure: ignore", s.Wait)
	case s.FailFast:
		n.mistake("fail_fast cancels the branches that wait: %s wants to go on; drop one of them", s.Wait)
	case s.join:
		n.mistake("a join needs the output of every branch, so it cannot wait for some; use Named or Reduce")
	}
}

func (n *node) mistake(format string, args ...any) {
	n.mistakes = append(n.mistakes, plan.Errorf(plan.CodeConfig, format, args...))
}
