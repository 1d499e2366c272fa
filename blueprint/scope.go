package blueprint

import (
	"slices"

	"github.com/weirflow/weir/blueprint/expr"
	"github.com/weirflow/weir/plan"
)

// scope is a sequence that is being read: the steps before the one that is read now, and the scopes round it. A parallel
// branch, a loop's body and the like are scopes of their own.
type scope struct {
	parent *scope
	// path is that of the step that holds the scope, in names.
	path string
	// earlier are the steps so far, byName the same.
	earlier []*earlierStep
	byName  map[string]*earlierStep
}

// maxNames is how many names are looked through for the nearest.
const maxNames = 200

// earlierStep is a step that expressions after it may name.
type earlierStep struct {
	name, key string
	at        position
	step      *plan.Step
	// read says that an expression names it.
	read bool
}

// find gives the nearest earlier step with a name.
func (s *scope) find(name string) *earlierStep {
	for ; s != nil; s = s.parent {
		if e := s.byName[name]; e != nil {
			return e
		}
	}
	return nil
}

// Key gives the state's key for a step's output, and notes that it is read.
func (s *scope) Key(name string) (string, bool) {
	e := s.find(name)
	if e == nil {
		return "", false
	}
	e.read = true
	return e.key, true
}

// Names are the steps that may be named here, the nearest first.
func (s *scope) Names() []string {
	var names []string
	for ; s != nil; s = s.parent {
		for _, e := range slices.Backward(s.earlier) {
			if len(names) < maxNames && !slices.Contains(names, e.name) {
				names = append(names, e.name)
			}
		}
	}
	return names
}

// within reads what stands inside a step in a scope of its own.
func (d *decoder) within(name string, read func()) {
	outer := d.scope
	d.scope = &scope{parent: outer, path: outer.inner(name)}
	read()
	d.scope.keep()
	d.scope = outer
}

func (s *scope) inner(name string) string {
	if s.path == "" {
		return name
	}
	return s.path + "/" + name
}

// add makes a step one that later ones may name; it gives the step that had the name in this scope before, if any.
func (s *scope) add(name string, at position, step *plan.Step) *earlierStep {
	if twin := s.byName[name]; twin != nil {
		return twin
	}
	e := &earlierStep{name: name, key: expr.StepKey(s.inner(name)), at: at, step: step}
	if s.byName == nil {
		s.byName = map[string]*earlierStep{}
	}
	s.earlier, s.byName[name] = append(s.earlier, e), e
	return nil
}

// keep puts the layer that keeps the output round the steps whose outputs are read, and only those.
func (s *scope) keep() {
	for _, e := range s.earlier {
		if e.read && e.step != nil {
			e.step.Layers = slices.Concat([]plan.Layer{keepOutput(e.key)}, e.step.Layers)
		}
	}
}
