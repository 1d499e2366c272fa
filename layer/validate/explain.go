package validate

import (
	"fmt"
	"strings"

	"github.com/weirflow/weir/plan"
)

// Explain says what judges the step, and what becomes of an output that does not pass.
func (w *whole) Explain() string {
	if len(w.parts) == 0 {
		return ""
	}
	text := "is a validation step, judged by " + plan.Enumerate(w.titles()...)
	if w.strict {
		return text + "; what does not pass fails it"
	}
	return text + "; what does not pass is noted"
}

// Fingerprint is the titles of the parts.
func (w *whole) Fingerprint() string {
	return fmt.Sprintf("%v %s", w.strict, strings.Join(w.titles(), ", "))
}

// titles are the names of the parts, in the order in which they judge.
func (w *whole) titles() []string {
	list := make([]string, 0, len(w.parts))
	for _, p := range w.parts {
		if p != nil {
			list = append(list, p.Title())
		}
	}
	return list
}

// Explain says where the results are written.
func (l persist) Explain() string { return "appends what its checks said to the list " + string(l) }

// Effects gives the key.
func (l persist) Effects() []plan.Effect { return []plan.Effect{{Verb: plan.Stores, What: string(l)}} }
