package each

import (
	"slices"
	"sync"

	"github.com/weirflow/weir/plan"
)

// results takes what became of the items of one execution. Calls for different items may overlap; output is called last.
type results interface {
	// keep takes the output of item i.
	keep(i int, out any) error
	// fail takes the failure of item i.
	fail(i int, err error)
	// output is the step's output.
	output() any
}

// outputs are the results of Item.
type outputs[O any] []O

func (r outputs[O]) keep(i int, out any) (err error) {
	r[i], err = plan.As[O](out)
	return err
}

func (outputs[O]) fail(int, error) {}

func (r outputs[O]) output() any { return []O(r) }

// outcomes are the results of Collect.
type outcomes[O any] []Outcome[O]

func (r outcomes[O]) keep(i int, out any) (err error) {
	r[i].Out, err = plan.As[O](out)
	return err
}

func (r outcomes[O]) fail(i int, err error) { r[i].Err = err }

func (r outcomes[O]) output() any { return []Outcome[O](r) }

// values are the results of a step from a blueprint that fails, or skips items that fail.
type values struct {
	list []any
	skip bool
}

// absent stands in a list for an item that failed.
type absent struct{}

func (r *values) keep(i int, out any) error {
	r.list[i] = out
	return nil
}

func (r *values) fail(i int, _ error) {
	if r.skip {
		r.list[i] = absent{}
	}
}

func (r *values) output() any {
	if !r.skip {
		return r.list
	}
	return slices.DeleteFunc(r.list, func(v any) bool {
		_, gone := v.(absent)
		return gone
	})
}

// MaxFailed is how many failed items a step with on_item_failure: collect keeps in its output: those with the lowest
// numbers. failed_count counts all of them.
const MaxFailed = 100

// collected are the results of a step from a blueprint that collects: the outputs of the items that succeeded, in order, and
// the first of those that failed.
type collected struct {
	values
	from items

	mu    sync.Mutex
	worst []failure // by number, at most MaxFailed
	count int
}

// failure is one failed item.
type failure struct {
	index int
	err   error
}

func (r *collected) fail(i int, err error) {
	r.values.fail(i, err)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	at, _ := slices.BinarySearchFunc(r.worst, i, func(f failure, i int) int { return f.index - i })
	if at == MaxFailed {
		return
	}
	if len(r.worst) == MaxFailed {
		r.worst = r.worst[:MaxFailed-1]
	}
	r.worst = slices.Insert(r.worst, at, failure{i, err})
}

func (r *collected) output() any {
	failed := make([]any, len(r.worst))
	for i, f := range r.worst {
		failed[i] = map[string]any{"index": f.index, "error": f.err.Error(), "item": r.from.at(f.index)}
	}
	return map[string]any{"items": r.values.output(), "failed": failed, "failed_count": r.count, "count": r.from.n}
}

// results makes the results of a step from a blueprint.
func (s *Spec) results(l items) results {
	if s.collect != nil {
		return s.collect(l)
	}
	v := values{list: make([]any, l.n), skip: s.OnFailure == onSkip || s.OnFailure == onCollect}
	if s.OnFailure == onCollect {
		return &collected{values: v, from: l}
	}
	return &v
}
