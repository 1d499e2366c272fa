package parallel

import (
	"context"
	"errors"

	"github.com/weirflow/weir/plan"
)

// byName is the output of a step from a blueprint: a map of branch to output. A branch that failed has a map with success
// (false), error (the text) and path.
func (o *op) byName(_ context.Context, branches []plan.Branch) (any, error) {
	out := make(map[string]any, len(branches))
	for i, b := range branches {
		if b.Err == nil {
			out[o.names[i]] = b.Out
			continue
		}
		path := o.names[i]
		if o.site != nil {
			path = o.site.Path + "/" + path
		}
		text := b.Err.Error()
		if at, ok := errors.AsType[*plan.StepError](b.Err); ok {
			path, text = at.Path, at.Err.Error()
		}
		out[o.names[i]] = map[string]any{"success": false, "error": text, "path": path}
	}
	return out, nil
}

// list is the output of All.
func list[O any](_ context.Context, branches []plan.Branch) (any, error) {
	out := make([]O, len(branches))
	for i := range branches {
		var ok bool
		if out[i], ok = branches[i].Out.(O); ok {
			continue
		}
		var err error
		if out[i], err = plan.As[O](branches[i].Out); err != nil && branches[i].Err == nil {
			return nil, plan.Errorf(plan.CodeType, "branch %d: %w", i, err)
		}
	}
	return out, nil
}

// named makes the output of Named.
func named[O any](names []string) gather {
	return func(_ context.Context, branches []plan.Branch) (any, error) {
		out := make([]Branch[O], len(branches))
		for i, b := range branches {
			v, err := plan.As[O](b.Out)
			if b.Err == nil && err != nil {
				return nil, plan.Errorf(plan.CodeType, "branch %q: %w", names[i], err)
			}
			out[i] = Branch[O]{Name: names[i], Out: v, Err: b.Err}
		}
		return out, nil
	}
}
