package parallel

import (
	"context"
	"errors"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// merging is how the branches' states become one.
type merging struct {
	strategy state.Strategy
	custom   state.MergeFunc
	fields   state.Mapping
	only     state.Include
}

// merge brings the changes of the branches that succeeded into the state of ctx, and tells where the keys that it changed come
// from. It does nothing, and allocates nothing, where no branch changed anything.
func (m *merging) merge(ctx context.Context, names []string, branches []plan.Branch) (state.Account, error) {
	if m.custom == nil && m.strategy == state.NoMerge {
		return state.Account{}, nil
	}
	changed := m.changed(names, branches)
	into := state.ScopeOf(ctx)
	if len(changed) == 0 || into == nil {
		return state.Account{}, nil
	}
	report, err := state.Merge(into, changed, m.options()...)
	if err == nil {
		return report.Account, nil
	}
	code := plan.CodeState
	if _, ok := errors.AsType[*state.ConflictError](err); ok {
		code = plan.CodeConflict
	}
	return state.Account{}, plan.Errorf(code, "the states of the branches cannot be merged: %w", err)
}

// options are those of state.Merge.
func (m *merging) options() []state.MergeOption {
	if m.custom != nil {
		return []state.MergeOption{m.custom}
	}
	list := []state.MergeOption{m.strategy}
	if m.fields != nil {
		list = append(list, m.fields)
	}
	if m.only != nil && m.strategy == state.Overwrite { // spec/core.md §5.3
		list = append(list, m.only)
	}
	return list
}

// changed are the branches to merge: those that succeeded and changed something, or all that succeeded where a function
// decides.
func (m *merging) changed(names []string, branches []plan.Branch) []state.Branch {
	var list []state.Branch
	for i := range branches {
		b := &branches[i]
		if b.Err != nil || b.Ctx == nil {
			continue
		}
		s := state.ScopeOf(b.Ctx)
		if s == nil {
			continue
		}
		if c := s.Changes(); m.custom != nil || c != (state.Changes{}) {
			list = append(list, state.Branch{Name: names[i], Changes: c})
		}
	}
	return list
}
