package each

import (
	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Item runs body for every item and gives its outputs in item order. It fails with the error of the first item that failed,
// a *plan.StepError with its path, and cancels the others; the outputs there were are then beside the error, with zero values
// for the rest. Where several failed before all were stopped, the error is that of the item with the lowest number.
func Item[I, O any](name string, body weir.Step[I, O], opts ...Option) weir.Step[[]I, []O] {
	s := typed(body, opts)
	s.collect = func(l items) results { return outputs[O](make([]O, l.n)) }
	return weir.Make[[]I, []O](name, s.node())
}

// Outcome is what became of one item of Collect.
type Outcome[O any] struct {
	// Out is the body's output; the zero value where it failed.
	Out O
	// Err is the failure, a *plan.StepError with the item's path; nil when the item succeeded.
	Err error
}

// Collect runs body for every item and gives each one's output or error in item order. It succeeds whatever the items do;
// only what no handler may swallow (plan.Final) ends it, such as a breach of a budget or a cancellation.
func Collect[I, O any](name string, body weir.Step[I, O], opts ...Option) weir.Step[[]I, []Outcome[O]] {
	s := typed(body, opts)
	s.OnFailure = onCollect
	s.collect = func(l items) results { return outcomes[O](make([]Outcome[O], l.n)) }
	return weir.Make[[]I, []Outcome[O]](name, s.node())
}

// typed is the spec of a step on a []I.
func typed[I, O any](body weir.Step[I, O], opts []Option) *Spec {
	s := &Spec{Body: spec.Step{Step: body.Written()}, list: listOf[I]}
	for _, o := range opts {
		if o != nil {
			o(s)
		}
	}
	return s
}

// listOf reads a []I.
func listOf[I any](in any) (items, error) {
	list, err := plan.As[[]I](in)
	return items{n: len(list), at: func(i int) any { return list[i] }}, err
}
