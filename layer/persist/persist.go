// Package persist is the layer that writes a step's failure into the run's state, where later rounds and steps find it:
// persist_feedback_to_context in a blueprint. What checks said is written by validate.PersistTo.
package persist

import (
	"context"
	"fmt"
	"strings"

	"github.com/weirflow/weir/internal/keep"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Feedback appends the text of the step's failure to the list that a key of the run's state holds: when the step has failed
// for good, not for an attempt that was followed by another as long as the layer stands outside the retry, and not for what no
// handler may swallow. Everything else that the failed step wrote is dropped; the text stays, unless a step round this one
// drops what was written in it, as a retry does and a fallback.
//
// A key that the plan's Config declares with another type than a list is a mistake that Compile reports. Where the run knows
// no such key, or it holds no list, nothing is written, and the step's record has a warning.
func Feedback(key string) plan.Layer { return feedback(key) }

type feedback string

// Name is "persist".
func (feedback) Name() string { return "persist" }

// Analyse says that the step needs state.
func (feedback) Analyse(a *plan.Analysis) { a.NeedsState = true }

// Wrap writes down what next failed with.
func (l feedback) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	key := string(l)
	if err := keep.ListKey(b, key); err != nil {
		b.Failf("persist.Feedback(%q): %w", key, err)
		return next
	}
	site := b.Site()
	return keep.Despite(next, func(_ context.Context, f plan.Frame, scope *state.Scope, failure error) {
		if failure == nil {
			return
		}
		if err := keep.Append(scope, key, failure.Error()); err != nil {
			f.Note(site, "warnings", []string{fmt.Sprintf("persist_feedback_to_context: %s", strings.TrimPrefix(err.Error(), "state: "))})
		}
	})
}
