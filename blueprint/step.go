package blueprint

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/weirflow/weir/blueprint/internal/nearest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// stepKind is the kind of a step that says none: a function or an agent.
const stepKind = "step"

// maxName bounds the length of a step's name, which stands in paths.
const maxName = 128

// child reads what stands under a key for one step: a step, a list of steps, or a map with the key steps. A single step
// without a name is called as its key.
func (d *decoder) child(n *node, at path, name string) *plan.Step {
	var made *plan.Step
	d.within(name, func() { made = d.oneOrMore(n, at, name) })
	if made == nil { // a mistake that is told; the kind must not miss the step as well
		made = &plan.Step{Name: name, Node: &plan.Sequence{}}
	}
	return made
}

// group is a map with the key steps alone, in the place of a step.
type group struct {
	Steps *node `weir:"steps,required" doc:"The steps, one after the other." holds:"list"`
}

func (d *decoder) oneOrMore(n *node, at path, name string) *plan.Step {
	switch {
	case n.kind == listNode:
		return d.sequence(n, at)
	case n.kind == mapNode && n.get("steps") != nil && n.get("kind") == nil:
		var s group
		d.object(n, at, "steps", d.shapeOf(&s))
		if s.Steps.kind != listNode {
			d.mismatch(s.Steps, at.key("steps"), "a list of steps")
			return nil
		}
		return d.sequence(s.Steps, at.key("steps"))
	case n.kind != mapNode:
		d.mismatch(n, at, "a step or a list of steps")
		return nil
	}
	return d.step(n, at, name)
}

// branches reads named children.
func (d *decoder) branches(n *node, at path) spec.Branches {
	if n.kind != mapNode {
		d.mismatch(n, at, "a map of names to steps")
		return nil
	}
	var all spec.Branches
	for _, e := range n.entries {
		d.checkName(e.key, e.at, at.key(e.key))
		all = append(all, spec.Branch{Name: e.key, Step: spec.Step{Step: d.child(e.value, at.key(e.key), e.key)}})
	}
	return all
}

// sequence reads a list of steps, each with a name of its own, into the scope that is open.
func (d *decoder) sequence(n *node, at path) *plan.Step {
	q := &plan.Sequence{}
	for i, item := range n.items {
		if d.full() {
			break
		}
		at := at.index(i)
		if item.kind != mapNode {
			d.refuse(item, at, "", "a step is a map of keys, not %s", item.describe())
			continue
		}
		made := d.step(item, at, "")
		name := nameOf(item)
		if name == nil || name.kind != textNode {
			continue
		}
		if twin := d.scope.add(name.text, name.position, made); twin != nil {
			d.wrong(name.position, at.key("name"), "rename one", "two steps beside each other are called %s, the first in line %d", quoted(name.text), twin.at.line)
		}
		if made != nil {
			q.Steps = append(q.Steps, made)
		}
	}
	return &plan.Step{Node: q, Source: d.source.where(n.position)}
}

// nameOf gives the name of a step as it is written.
func nameOf(n *node) *node {
	if name := n.get("name"); name != nil {
		return name
	}
	return n.get("step")
}

// step reads one step; otherwise is its name when it says none, "" where it must.
func (d *decoder) step(n *node, at path, otherwise string) *plan.Step {
	var c common
	kind, known := d.kind(n, at)
	w := &written{decoder: d, node: n, at: at, common: &c, name: d.name(n, at, otherwise), outsideBefore: d.outside}
	d.within(w.name, func() {
		shapes := d.shapeOf(&c)
		switch {
		case !known: // the kind's keys cannot be told from wrong ones
			d.object(&node{position: n.position, kind: mapNode, entries: slices.DeleteFunc(slices.Clone(n.entries), func(e entry) bool {
				return !slices.Contains(keys(shapes), e.key)
			})}, at, stepKind, shapes)
		case kind.Name == stepKind:
			w.work(shapes)
		default:
			w.composite(kind, shapes)
		}
	})
	if c.Name != "" && c.Step != "" {
		d.wrong(n.get("step").position, at.key("step"), "give one of them", "step and name say the same thing")
	}
	if w.made == nil { // a mistake that was told; those in the other keys are to be told as well
		w.made = &plan.Sequence{}
		w.leaf = true
		w.finish()
		return nil
	}
	return w.finish()
}

// name gives a step's name and checks it.
func (d *decoder) name(n *node, at path, otherwise string) string {
	name := nameOf(n)
	switch {
	case name == nil && otherwise == "":
		d.add(n.position, Error{Stage: Read, Path: string(at), Text: "the step has no name", Hint: "give it one: name: fetch"})
		return "?"
	case name == nil:
		return otherwise
	case name.kind == textNode:
		d.checkName(name.text, name.position, at.key("name"))
	}
	return name.text
}

// checkName refuses names that cannot be segments of a path.
func (d *decoder) checkName(name string, where position, at path) {
	switch {
	case strings.TrimSpace(name) == "" || len(name) > maxName:
		d.wrong(where, at, "", "a name has 1 to %d letters, not %s", maxName, quoted(name))
	case strings.ContainsAny(name, "/[]") || strings.ContainsFunc(name, unicode.IsControl):
		d.wrong(where, at, "", "a name may not hold / [ or ], which part the segments of a path: %s", quoted(name))
	}
}

// kind finds the kind of a step.
func (d *decoder) kind(n *node, at path) (spec.Kind, bool) {
	word := n.get("kind")
	if word == nil || word.kind != textNode {
		return spec.Kind{Name: stepKind}, word == nil
	}
	var known []string
	for _, k := range d.kinds {
		if k.Name == word.text || slices.Contains(k.Aliases, word.text) {
			return k, true
		}
		known = append(known, k.Name)
	}
	if slices.Contains(laterKinds, word.text) {
		d.wrong(word.position, at.key("kind"), "it knows "+strings.Join(known, ", "), "the kind %s is not supported yet by this version of weir", word.text)
		return spec.Kind{}, false
	}
	hint := "there are " + strings.Join(known, ", ")
	if near, ok := nearest.Name(word.text, known); ok {
		hint = "did you mean " + near + "? " + hint
	}
	d.wrong(word.position, at.key("kind"), hint, "there is no kind %s", quoted(word.text))
	return spec.Kind{}, false
}

// written is a step that is being read.
type written struct {
	*decoder
	node   *node
	at     path
	common *common
	name   string
	// made is the step's own node; nil when there was a mistake in it.
	made plan.Node
	// agent says that the step asks a model; leaf that it has no children.
	agent, leaf bool
	// outsideBefore is the decoder's count before the step.
	outsideBefore int
	// agentTimeout is what the agent says of timeouts; the step's own word is stronger.
	agentTimeout time.Duration
}

// composite reads the keys of a kind that has steps of its own.
func (w *written) composite(kind spec.Kind, shapes []shape) {
	own := kind.New()
	what := kind.Name
	if kind.Under == "" {
		w.object(w.node, w.at, "step of kind "+what, append(shapes, w.shapeOf(own)...))
	} else {
		under := shape{field: field{key: kind.Under, required: true, doc: kind.Doc, typ: rawType}}
		var nested *node
		under.into = reflect.ValueOf(&nested).Elem()
		w.object(w.node, w.at, "step of kind "+what, append(shapes, under))
		if nested == nil {
			return
		}
		w.nested(nested, kind, own)
	}
	made, err := own.Node()
	if err != nil {
		w.kindErrors(kind, err)
		return
	}
	if c, ok := own.(*wrapping); ok {
		w.wraps(c)
	}
	w.made = made
}

// nested reads the keys of a kind that stand under a key of their own. A map shows its item only to a body that reads it.
func (w *written) nested(n *node, kind spec.Kind, own spec.Spec) {
	outer := w.item
	w.item = false
	w.object(n, w.at.key(kind.Under), kind.Name, w.shapeOf(own))
	if m, ok := own.(spec.ItemReader); ok && w.item {
		m.ReadsItem()
	}
	w.item = w.item || outer
}

// kindErrors notes what a kind finds wrong with its keys, each at the first key that it speaks of.
func (w *written) kindErrors(kind spec.Kind, err error) {
	n, at := w.node, w.at
	if kind.Under != "" {
		n, at = n.get(kind.Under), at.key(kind.Under)
	}
	w.tell(n, at, err)
}

// tell notes what a Spec finds wrong with the keys of a map, each mistake at the first key that it speaks of. What follows
// from a key that could not be read is left out.
func (d *decoder) tell(n *node, at path, err error) {
	for _, e := range joined(err) {
		key, where := mentioned(n, e.Error())
		at := at
		if key != "" {
			at = at.key(key)
		}
		if !d.failed(at) {
			d.wrong(where, at, "", "%v", e)
		}
	}
}

// joined gives the errors that were joined in one.
func joined(err error) []error {
	if err == nil {
		return nil
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range several.Unwrap() {
			all = append(all, joined(e)...)
		}
		return all
	}
	return []error{err}
}

// mentioned finds the key of a map that a text speaks of first.
func mentioned(n *node, said string) (string, position) {
	first, key, where := len(said), "", n.position
	for _, e := range n.entries {
		if i := word(said, e.key); i >= 0 && i < first {
			first, key, where = i, e.key, e.at
		}
	}
	return key, where
}

// word finds a word in a text.
func word(said, key string) int {
	isLetter := func(r byte) bool {
		return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	for from := 0; key != ""; {
		i := strings.Index(said[from:], key)
		if i < 0 {
			return -1
		}
		i += from
		end := i + len(key)
		if (i == 0 || !isLetter(said[i-1])) && (end == len(said) || !isLetter(said[end])) {
			return i
		}
		from = end
	}
	return -1
}
