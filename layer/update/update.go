// Package update is the layer that merges a step's output into the run's state by key: updates_context in a blueprint.
package update

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Context merges the output of the step into the run's state, after the step succeeded: a map by its text keys, a struct by
// the names that its fields have in JSON; a nil pointer and any other value change nothing. Only keys that the run
// declared or set are written; maps are merged leaf by leaf. The values are copied, for the output goes on to the next
// step as well.
//
// Keys that are neither declared nor set are left out and noted under "warnings", as a list of texts; with strict they fail
// the step. A value that does not fit its key fails the step with plan.CodeState, and nothing of the output is written.
func Context(strict bool) plan.Layer { return layer{strict} }

type layer struct{ strict bool }

// Name is "update".
func (layer) Name() string { return "update" }

// Analyse says that the step needs state.
func (layer) Analyse(a *plan.Analysis) { a.NeedsState = true }

// Writes gives the fields of an output whose type says what they are. Pointers may be nil, and empty fields left out.
func (layer) Writes(t *plan.Tree) []plan.Write {
	if out := t.Step.Out; out == nil || out.Kind() != reflect.Struct {
		return nil
	}
	known := shapeOf(t.Step.Out)
	var list []plan.Write
	for _, f := range known.fields {
		if !f.omitEmpty && len(f.index) == 1 {
			list = append(list, plan.Write{Path: f.key, Type: known.of.Field(f.index[0]).Type, IfDeclared: true})
		}
	}
	return list
}

// Explain says what becomes of the output.
func (l layer) Explain() string {
	if l.strict {
		return "merges the output into the run's state key by key; keys that the run does not have fail the step"
	}
	return "merges the output into the run's state key by key, without keys that the run does not have"
}

// Effects says that any key may be written.
func (layer) Effects() []plan.Effect {
	return []plan.Effect{{Verb: plan.Stores, What: "the keys of the output"}}
}

// Wrap merges what next returned.
func (l layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	site := b.Site()
	known := shapeOf(b.Step().Out)
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := next(ctx, f, in)
		if err != nil {
			return out, err
		}
		values, ok := known.values(out)
		if !ok {
			return out, nil
		}
		ignored, err := merge(ctx, values, l.strict)
		if err != nil {
			return out, plan.Errorf(plan.CodeState, "the output does not fit the run's state, which was left as it is: %w", err)
		}
		if len(ignored) > 0 {
			f.Note(site, "warnings", []string{fmt.Sprintf(
				"updates_context: left out %s: the run declares no such key", strings.Join(ignored, ", "))})
		}
		return out, nil
	}
}

func merge(ctx context.Context, values map[string]any, strict bool) (ignored []string, err error) {
	scope := state.ScopeOf(ctx)
	if scope == nil {
		return nil, plan.Errorf(plan.CodeState, "there is no state outside a run")
	}
	return scope.Update(values, strict)
}
