package each

import (
	"errors"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// kindName is the kind as blueprints, errors and metrics spell it.
const kindName = "map"

// What a failed item means for the step.
const (
	onFail    = "fail"
	onSkip    = "skip"
	onCollect = "collect"
)

// Spec says what a map step is. The zero value lacks its body.
type Spec struct {
	Items     spec.Value `weir:"items" doc:"The list: values, or {{ }} with an expression that gives one. Default: the step's input."`
	Iterable  string     `weir:"iterable_input" doc:"The name of the context key that holds the list; instead of items."`
	Body      spec.Step  `weir:"body,required" doc:"The step that runs for each item. The item is its input."`
	Width     int        `weir:"concurrency" doc:"How many items run at the same time. Default: 1."`
	OnFailure string     `weir:"on_item_failure" enum:"fail,skip,collect" doc:"fail ends the step with the first item that failed; skip leaves failed items out of the list; collect gives {items, failed, failed_count, count}. Default: fail."`
	Merge     string     `weir:"merge_strategy" enum:"context_update,overwrite,no_merge,error_on_conflict,keep_first" doc:"What becomes of the changes that the items make to the context. Default: context_update, which joins them and fails on a conflict."`

	// ShowItem keeps the item and its number in the run's state while the body runs on it, under the private keys ItemKey and
	// IndexKey, for expressions inside the body. It costs a few allocations an item. Loaders set it.
	ShowItem bool `weir:"-"`

	// What only Go can say.
	list     func(any) (items, error) // reads the input; nil: any list
	collect  func(items) results      // takes the outputs; nil: by OnFailure
	mistakes []error
}

var _ spec.Spec = (*Spec)(nil)

// Kind is the entry of this kind in the list of kinds. It is constant.
func Kind() spec.Kind {
	return spec.Kind{
		Name: kindName, Under: kindName,
		Doc: "Runs a step for every item of a list; the output is the list of its outputs, in item order.",
		New: func() spec.Spec { return &Spec{Width: 1, OnFailure: onFail, Merge: state.ContextUpdate.String()} },
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
	n := &node{spec: *s, mistakes: slices.Clone(s.mistakes)}
	var err error
	if n.strategy, err = state.ParseStrategy(s.Merge); err != nil {
		n.mistake("merge_strategy: %w", err)
	}
	if s.Width < 0 {
		n.mistake("concurrency: %d; give the number of items that may run at once, 1 or more", s.Width)
	}
	switch s.OnFailure {
	case "", onFail, onSkip, onCollect:
	default:
		n.mistake("on_item_failure: %q is none; use fail, skip or collect", s.OnFailure)
	}
	if s.Items.Set() && s.Iterable != "" {
		n.mistake("items and iterable_input both say where the list is; keep one")
	}
	if text, ok := s.Items.Source.(string); ok && !strings.Contains(text, "{{") {
		n.mistake("items: %q is a text, not a list; write {{ %s }} if it is an expression", text, text)
	}
	if s.Body.Step == nil {
		n.mistake("body: the step to run for each item is missing")
	}
	return n
}

func (n *node) mistake(format string, args ...any) {
	n.mistakes = append(n.mistakes, plan.Errorf(plan.CodeConfig, format, args...))
}

// ReadsItem says that an expression in the body reads item or index.
func (s *Spec) ReadsItem() { s.ShowItem = true }
