package parallel

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// Writes gives what the branches write, where all of them succeed and are merged when the step succeeds.
func (n *node) Writes(t *plan.Tree) []plan.Write {
	if n.spec.merge != nil || n.strategy == state.NoMerge || n.ignore || n.need > 0 || len(t.Children) < len(n.spec.Branches) {
		return nil
	}
	var all []plan.Write
	for i, b := range n.spec.Branches {
		all = append(all, n.counting(b.Name, t.Children[i].Writes())...)
	}
	return all
}

// counting are the writes of a branch that take part in the merge.
func (n *node) counting(branch string, list []plan.Write) []plan.Write {
	keys, mapped := n.spec.Fields[branch]
	return slices.DeleteFunc(list, func(w plan.Write) bool {
		key, _, _ := strings.Cut(w.Path, ".")
		left := n.strategy == state.Overwrite && n.spec.Only != nil && !slices.Contains(n.spec.Only, key)
		return left || mapped && !slices.Contains(keys, key)
	})
}

// rivals are the branches that write one place, in declared order.
type rivals struct {
	branches []string
	paths    []string
	writes   []plan.Write
}

// conflicts reports the places that several branches write for sure and whose changes cannot become one. What depends on the
// run, such as a branch of a conditional, is left to the merge.
func (n *node) conflicts(b *plan.Builder) {
	if n.spec.merge != nil || n.need > 0 || n.strategy != state.ContextUpdate && n.strategy != state.ErrorOnConflict {
		return
	}
	declared, _ := plan.Component[state.Declarations](b)
	places := map[string]*rivals{}
	var order []string
	for i, branch := range n.spec.Branches {
		for _, w := range n.counting(branch.Name, b.Writes(i)) {
			r := places[w.Path]
			if r == nil {
				r = &rivals{}
				places[w.Path] = r
				order = append(order, w.Path)
			}
			r.add(branch.Name, w)
		}
	}
	for _, path := range order {
		if r := places[path]; len(r.branches) > 1 && !n.joins(path, r.writes, declared) {
			b.Fail(n.conflict(path, r))
		}
	}
}

func (r *rivals) add(branch string, w plan.Write) {
	r.writes = append(r.writes, w)
	if slices.Contains(r.branches, branch) {
		return
	}
	path := branch
	if w.Site != nil {
		path = w.Site.Path
	}
	r.branches, r.paths = append(r.branches, branch), append(r.paths, path)
}

// joins says that the changes of a place by several branches can become one, or are none.
func (n *node) joins(path string, list []plan.Write, declared state.Declarations) bool {
	names := strings.Split(path, ".")
	key, known := declared.Find(names[0])
	if known && key.Reduced() && n.strategy == state.ContextUpdate {
		return true
	}
	if known && n.joined(at(key.Type(), names[1:])) {
		return true
	}
	same := true
	for _, w := range list {
		if w.Reduced && n.strategy == state.ContextUpdate || w.IfDeclared && !known {
			return true
		}
		same = same && n.joined(w.Type)
	}
	return same
}

// joined says that values of a type are merged part by part: maps, and lists that branches only add to.
func (n *node) joined(t reflect.Type) bool {
	switch {
	case t == nil:
		return false
	case t.Kind() == reflect.Slice:
		return n.strategy == state.ContextUpdate
	}
	return t.Kind() == reflect.Map && t.Key().Kind() == reflect.String
}

// at is the type of what stands at a path inside a value of type t; nil: not known.
func at(t reflect.Type, names []string) reflect.Type {
	for range names {
		if t == nil || t.Kind() != reflect.Map {
			return nil
		}
		t = t.Elem()
	}
	return t
}

// conflict is the mistake.
func (n *node) conflict(path string, r *rivals) error {
	names, paths := r.branches, r.paths
	more := ""
	if len(names) > 2 {
		more = fmt.Sprintf(" and %d more", len(names)-2)
		names, paths = names[:2], paths[:2]
	}
	hint := "give the key to one of them with a field mapping, or declare a reducer for it"
	if n.strategy == state.ErrorOnConflict {
		hint = "give the key to one of them with a field mapping, or use the strategy context_update and a reducer for it"
	}
	return plan.Errorf(plan.CodeConflict, "the branches %q and %q%s both write the state key %q (%s): %s",
		names[0], names[1], more, path, strings.Join(paths, ", "), hint)
}
