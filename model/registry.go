package model

import (
	"maps"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
)

// Registry finds models by name, "provider:model". Implementations are safe for use by several goroutines.
type Registry interface {
	// Model gives the model of that name. The error of an unknown name has plan.CodeMissingAgent.
	Model(name string) (Model, error)
}

// Models is a Registry of given models. A nil map knows none. It is read only once it is in use.
type Models map[string]Model

var _ Registry = Models(nil)

// Model gives the model of that name; the error of an unknown one names those there are.
func (m Models) Model(name string) (Model, error) {
	if found := m[name]; found != nil {
		return found, nil
	}
	known := slices.DeleteFunc(slices.Sorted(maps.Keys(m)), func(name string) bool { return m[name] == nil })
	return nil, Unknown(name, known...)
}

// Unknown is the error of a Registry that does not know a name, with the names that it does know. It has
// plan.CodeMissingAgent.
func Unknown(name string, known ...string) error {
	const most = 20
	switch {
	case len(known) == 0:
		return plan.Errorf(plan.CodeMissingAgent, "no model %q: no models are registered; give them in Config.Models", name)
	case len(known) > most:
		known = append(slices.Clone(known[:most]), "…")
	}
	return plan.Errorf(plan.CodeMissingAgent, "no model %q; there are %s", name, strings.Join(known, ", "))
}
