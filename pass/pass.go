// Package pass holds the ordered list of passes: optimisations that rewrite the tree of a plan before it is built.
package pass

import (
	"github.com/weirflow/weir/pass/flatten"
	"github.com/weirflow/weir/plan"
)

// All gives the passes in the order in which Compile runs them.
func All() []plan.Pass {
	return []plan.Pass{
		flatten.Pass{}, // sequences inside sequences become one
	}
}
