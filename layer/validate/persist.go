package validate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/weirflow/weir/internal/keep"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// PersistTo appends what the checks of the step said, passed ones included, to the list that a key of the run's state holds:
// persist_validation_results_to in a blueprint. It takes in the checks of this step and of those below it, each as it was
// last made, so it belongs outside the retry. A Result goes into a list of Results as it is, and into a list of anything as a
// map with the keys name, valid and feedback.
//
// The results stay although the step fails and all else that it wrote is dropped, unless a step round this one drops what was
// written in it, as a retry does and a fallback. A key that the plan's Config declares with another type than a list is
// a mistake that Compile reports. Where the run knows no such key, or it holds no list, nothing is written, and the step's record has a
// warning.
func PersistTo(key string) plan.Layer { return persist(key) }

type persist string

// Name is "persist".
func (persist) Name() string { return "persist" }

// Analyse says that the step needs state and wants to hear what its checks say.
func (persist) Analyse(a *plan.Analysis) { a.NeedsState, a.HearsChecks = true, true }

// hearing is the key of the *heardResults that checks tell what they said.
type hearing struct{}

// Wrap listens to the checks of next.
func (l persist) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	key := string(l)
	if err := keep.ListKey(b, key); err != nil {
		b.Failf("validate.PersistTo(%q): %w", key, err)
		return next
	}
	site := b.Site()
	kept := keep.Despite(next, func(ctx context.Context, f plan.Frame, scope *state.Scope, _ error) {
		h, _ := ctx.Value(hearing{}).(*heardResults)
		if err := appendResults(scope, key, h.all()); err != nil {
			f.Note(site, "warnings", []string{fmt.Sprintf("persist_validation_results_to: %s", strings.TrimPrefix(err.Error(), "state: "))})
		}
	})
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		outer, _ := ctx.Value(hearing{}).(*heardResults)
		return kept(context.WithValue(ctx, hearing{}, &heardResults{outer: outer}), f, in)
	}
}

// appendResults writes results in the form that the list takes.
func appendResults(scope *state.Scope, key string, results []Result) error {
	if len(results) == 0 {
		return nil
	}
	plain, typed := make([]any, len(results)), make([]any, len(results))
	for i, r := range results {
		plain[i] = map[string]any{"name": r.Name, "valid": r.Valid, "feedback": r.Feedback}
		typed[i] = r
	}
	err := keep.Append(scope, key, plain...)
	if _, other := errors.AsType[*state.TypeError](err); other && keep.Append(scope, key, typed...) == nil {
		return nil
	}
	return err
}

// heardResults are what checks said while a step ran, by who said it, in the order in which they first spoke. Branches speak
// at the same time.
type heardResults struct {
	outer *heardResults
	mu    sync.Mutex
	said  []said
}

type said struct {
	by      any
	results []Result
}

// tell says to those who want to hear it what checks said; by is the layer that made them.
func tell(ctx context.Context, by any, results []Result) {
	for h, _ := ctx.Value(hearing{}).(*heardResults); h != nil; h = h.outer {
		h.add(by, results)
	}
}

func (h *heardResults) add(by any, results []Result) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.said, func(s said) bool { return s.by == by })
	if i < 0 {
		h.said = append(h.said, said{by, results})
		return
	}
	h.said[i].results = results
}

func (h *heardResults) all() []Result {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []Result
	for _, s := range h.said {
		all = append(all, s.results...)
	}
	return all
}

// heard says that a layer round a site wants to hear what its checks say.
func heard(at *plan.Site) bool {
	for ; at != nil; at = at.Parent {
		if at.Analysis.HearsChecks {
			return true
		}
	}
	return false
}
