package plugin

import (
	"fmt"
	"strings"

	"github.com/weirflow/weir/plan"
)

// Explain names the plugins in the order in which they run.
func (ps layer) Explain() string {
	if len(ps) == 0 {
		return ""
	}
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = p.name
		if len(p.targets) > 0 {
			names[i] += " (may hand the work to " + plan.Count(len(p.targets), "other step") + ")"
		}
	}
	return "lets plugins judge the output: " + plan.Enumerate(names...)
}

// Fingerprint is the names of the plugins with their priorities.
func (ps layer) Fingerprint() string {
	var b strings.Builder
	for _, p := range ps {
		fmt.Fprintf(&b, "%q %d ", p.name, p.priority)
	}
	return b.String()
}
