package blueprint

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/weirflow/weir/blueprint/builtin"
	"github.com/weirflow/weir/blueprint/internal/nearest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// working are the keys of a step of kind step: what it runs.
type working struct {
	Uses   string `weir:"uses" doc:"What the step runs: agents.NAME, fn:NAME for a registered Go function, or the name of a built-in function." holds:"uses"`
	Agent  *node  `weir:"agent" doc:"The same as uses; or a map of id and params." holds:"agent"`
	With   *node  `weir:"with" doc:"The parameters of a built-in function." holds:"map"`
	Params *node  `weir:"params" doc:"The same as with." holds:"map"`
}

// useMap is what the key agent holds where it is a map.
type useMap struct {
	ID     string `weir:"id,required" doc:"What the step runs, as in uses." holds:"uses"`
	Params *node  `weir:"params" doc:"The parameters of a built-in function." holds:"map"`
}

// The prefixes of what a step can use.
const (
	usesAgent  = "agents."
	usesFn     = "fn:"
	usesImport = "imports."
)

// used is what a step uses, with its places.
type used struct {
	id     string
	where  position
	at     path
	with   *node
	withAt path
}

// work reads a step that runs a function or an agent.
func (w *written) work(shapes []shape) {
	var keys working
	w.object(w.node, w.at, stepKind, append(shapes, w.shapeOf(&keys)...))
	w.leaf = true
	u, ok := w.uses(&keys)
	switch {
	case !ok:
	case u.id == "":
		w.pass()
	case strings.HasPrefix(u.id, usesAgent):
		w.useAgent(u)
	case strings.HasPrefix(u.id, usesImport):
		w.wrong(u.where, u.at, "", "imports are not supported yet by this version of weir")
	case strings.HasPrefix(u.id, usesFn):
		w.useFn(u)
	default:
		w.useBuiltin(u)
	}
	if !w.agent {
		w.forAgents()
	}
}

// uses gathers what a step runs from the keys that say it.
func (w *written) uses(k *working) (used, bool) {
	u := used{with: k.With, withAt: w.at.key("with")}
	if k.Params != nil {
		if k.With != nil {
			w.wrong(w.node.get("params").position, w.at.key("params"), "keep with", "with and params say the same thing")
		}
		u.with, u.withAt = k.Params, w.at.key("params")
	}
	if n := w.node.get("uses"); n != nil {
		if k.Agent != nil {
			w.wrong(k.Agent.position, w.at.key("agent"), "keep uses", "uses and agent say the same thing")
		}
		u.id, u.where, u.at = k.Uses, n.position, w.at.key("uses")
		return u, u.id != "" || w.refuseEmpty(n, u.at)
	}
	if k.Agent == nil {
		return u, true
	}
	u.where, u.at = k.Agent.position, w.at.key("agent")
	if k.Agent.kind == textNode {
		u.id = k.Agent.text
		return u, u.id != "" || w.refuseEmpty(k.Agent, u.at)
	}
	return w.agentMap(u, k.Agent)
}

// agentMap reads {id, params}.
func (w *written) agentMap(u used, n *node) (used, bool) {
	var a useMap
	w.object(n, u.at, "agent", w.shapeOf(&a))
	u.id = a.ID
	if a.Params != nil {
		u.with, u.withAt = a.Params, u.at.key("params")
	}
	return u, u.id != ""
}

func (w *written) refuseEmpty(n *node, at path) bool {
	if !w.failed(at) {
		w.wrong(n.position, at, "name a function or agent", "%s is empty", at.last())
	}
	return false
}

// pass makes a step that returns its input, which is worth a step only when the input is made.
func (w *written) pass() {
	if w.node.get("input") == nil {
		if w.failed(w.at) {
			return // a key that is not known may have been meant
		}
		w.wrong(w.node.position, w.at, "give it uses, or an input to pass on", "the step does nothing")
		return
	}
	w.made = &function{
		call: func(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }, does: said("passes its input on"),
	}
}

// useFn takes a registered function.
func (w *written) useFn(u used) {
	f := w.function(&node{position: u.where, kind: textNode, text: u.id}, u.at)
	if u.with != nil {
		w.wrong(u.with.position, u.withAt, "give it what it needs as input", "a registered function has no parameters besides its input")
	}
	if f.Call != nil {
		w.made = &function{call: f.Call, does: said("calls the registered Go function " + usesFn + f.Name)}
	}
}

// trimFn gives the name of a function without its prefix.
func trimFn(name string) string { return strings.TrimPrefix(name, usesFn) }

// functionNames are the registered functions, sorted.
func (d *decoder) functionNames() []string { return slices.Sorted(maps.Keys(d.options.Funcs)) }

// useBuiltin makes a built-in function of its parameters.
func (w *written) useBuiltin(u used) {
	all := builtin.All()
	i := slices.IndexFunc(all, func(b builtin.Builtin) bool { return b.Name == u.id })
	if i < 0 {
		w.unknownUse(u, all)
		return
	}
	f := all[i].New()
	with := u.with
	if with == nil {
		with = &node{position: u.where, kind: mapNode}
	}
	w.object(with, u.withAt, all[i].Name, w.shapeOf(f))
	env := w.options.Builtins
	env.Template = w.fileTemplate(u)
	call, err := f.Build(env)
	if err != nil {
		w.builtinErrors(u, with, err)
		return
	}
	made := &function{
		call: func(ctx context.Context, _ plan.Frame, in any) (any, error) { return call(ctx, in) },
		does: func() string { return builtinSaid(all[i], with) },
	}
	if e, ok := f.(plan.Effector); ok {
		made.effects = e.Effects()
	}
	w.made = made
}

// unknownUse says what there is to use.
func (w *written) unknownUse(u used, all []builtin.Builtin) {
	var known []string
	for _, b := range all {
		known = append(known, b.Name)
	}
	builtins := len(known)
	for _, name := range w.functionNames() {
		known = append(known, usesFn+name)
	}
	for _, name := range w.agents.names() {
		known = append(known, usesAgent+name)
	}
	hint := "use one of " + enumerate(known)
	if slices.Contains(known[builtins:], usesFn+u.id) || slices.Contains(known[builtins:], usesAgent+u.id) {
		for _, k := range known[builtins:] {
			if strings.HasSuffix(k, u.id) && (k == usesFn+u.id || k == usesAgent+u.id) {
				hint = "write " + k
			}
		}
	} else if near, ok := nearest.Name(u.id, known); ok {
		hint = "did you mean " + near + "?"
	}
	w.wrong(u.where, u.at, hint, "there is nothing called %s to use", quoted(u.id))
}

// enumerate joins names for people, the first 20 of them.
func enumerate(names []string) string {
	if len(names) > 20 {
		return strings.Join(names[:20], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// builtinErrors notes what a built-in finds wrong with its parameters, each at its key.
func (w *written) builtinErrors(u used, with *node, err error) {
	for _, e := range joined(err) {
		wrong, ok := errors.AsType[*builtin.KeyError](e)
		if !ok {
			w.wrong(with.position, u.withAt, "", "%s: %v", u.id, e)
			continue
		}
		at, where := descend(with, u.withAt, wrong.Key)
		if w.failed(at) {
			continue // told when it was read
		}
		w.wrong(where, at, "", "%s of %s: %s", wrong.Key, u.id, wrong.Text)
	}
}

// descend follows a dotted key such as metrics[2].op as far as there is something.
func descend(n *node, at path, dotted string) (path, position) {
	where := n.position
	for part := range strings.SplitSeq(dotted, ".") {
		name, rest, indexed := strings.Cut(part, "[")
		next := n.get(name)
		if next == nil {
			return at, where
		}
		n, at = next, at.key(name)
		where = n.position
		if i, err := strconv.Atoi(strings.TrimSuffix(rest, "]")); indexed && err == nil && i >= 0 && i < len(n.items) {
			n, at = n.items[i], at.index(i)
			where = n.position
		}
	}
	return at, where
}

// fileTemplate compiles the text of a template file, which sees what the step sees.
func (w *written) fileTemplate(u used) func(string) (spec.Value, error) {
	return func(text string) (spec.Value, error) {
		from := len(w.found)
		v := w.template(&node{position: u.where, kind: textNode, text: text}, u.at)
		if len(w.found) > from {
			told := w.found[from]
			w.found = w.found[:from]
			return v, fmt.Errorf("%s; %s", told.Text, told.Hint)
		}
		return v, nil
	}
}

// forAgents refuses keys that only steps that ask a model have.
func (w *written) forAgents() {
	if n := w.common.OutputSchema; n != nil {
		w.wrong(n.position, w.at.key("output_schema"), "use validate", "output_schema is for steps that ask a model, in this version of weir")
	}
	conf := w.node.get("config")
	if conf == nil || w.made == nil {
		return
	}
	for _, key := range []string{"temperature", "top_k", "top_p"} {
		if n := conf.get(key); n != nil {
			w.wrong(n.position, w.at.key("config").key(key), "", "%s is for steps that ask a model", key)
		}
	}
}
