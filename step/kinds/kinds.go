// Package kinds is the one list of the kinds that blueprints know.
//
// A new kind is one folder under step and one line here. The kind step and the key fallback are no entries: every
// blueprint has them by itself.
package kinds

import (
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/finally"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

// All gives the kinds in the order in which references list them. The list is made anew at each call and belongs to the
// caller.
func All() []spec.Kind {
	return []spec.Kind{
		parallel.Kind(),    // the same input to several branches at the same time
		each.Kind(),        // one body for every item of a list
		loop.Kind(),        // a body in rounds, until a condition holds
		conditional.Kind(), // one of several branches, by a key
		human.Kind(),       // the answer of a person, for which the run waits
		finally.Kind(),     // a cleanup after a body, whatever became of it
	}
}
