package persist

import "github.com/weirflow/weir/plan"

// Explain says where the failure is written.
func (l feedback) Explain() string { return "appends its failure to the list " + string(l) }

// Effects gives the key.
func (l feedback) Effects() []plan.Effect { return []plan.Effect{{Verb: plan.Stores, What: string(l)}} }

// Fingerprint is empty: only failures are written.
func (feedback) Fingerprint() string { return "" }
