package keep

import (
	"errors"
	"fmt"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// ListKey says what keeps a key from being one that lists are kept in: its name, or the type that the plan declares it with. A
// key that the plan does not declare may come with the run.
func ListKey(b *plan.Builder, key string) error {
	switch key {
	case "":
		return errors.New("name a key of the state that holds a list")
	case "scratchpad":
		return state.ErrScratchpad
	}
	declared, _ := plan.Component[[]state.Value](b)
	for _, v := range declared {
		if t, ok := v.ListType(); v.Name() == key && !ok {
			return fmt.Errorf("the key holds a %v; it must hold a list", t)
		}
	}
	return nil
}

// Append adds items to the list that a key of the state holds.
func Append(scope *state.Scope, key string, items ...any) error {
	if scope == nil {
		return errors.New("there is no state outside a run")
	}
	return scope.Append(key, items...)
}
