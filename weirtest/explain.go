package weirtest

import (
	"fmt"
	"strings"

	"github.com/weirflow/weir/plan"
)

// Explain gives what a plan does as text: a line a step with its path, its kind and what it does, and below it the layers round it,
// outermost first; a plus stands before those that Compile added. `weir explain` shows the same facts to people.
func Explain(p *plan.Program) string {
	var b strings.Builder
	for _, s := range p.Sites {
		fmt.Fprintf(&b, "%s (%s): %s\n", s.Path, s.Kind, s.Explain())
		for _, a := range s.Around() {
			mark := " "
			if a.Added {
				mark = "+"
			}
			fmt.Fprintf(&b, "  %s %s: %s\n", mark, a.Name, a.Text)
		}
	}
	return b.String()
}
