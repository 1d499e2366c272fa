package plan

import "reflect"

// Step is a written step with its types taken off: what a weir.Step holds and what a blueprint decodes to.
// It is a value to be shared and read; nothing changes it after it was made.
type Step struct {
	// Name is the step's segment in paths. Empty: the step adds no segment, which only a sequence may do.
	Name string
	// Node says what the step does. Nil is a mistake that Build reports.
	Node Node
	// Layers stand round the step, outermost first.
	Layers []Layer
	// In and Out are the types of the value that goes in and comes out. Nil: any.
	In, Out reflect.Type
	// Source is where the step was written ("pipeline.yaml:12:5"), empty for Go.
	Source string
}

// Node is what a kind implements: one sort of step, which builds its own op.
// A Node is immutable after it was made and may be built several times.
type Node interface {
	// Kind is the kind's name as blueprints, errors and metrics spell it.
	Kind() string
	// Children are the steps below this one in written order; nil for a leaf.
	Children() []Child
	// Build makes the op. It is called once per place in a plan, after the children were built.
	// Mistakes go to Builder.Fail, as many as there are; the op may be nil then.
	Build(b *Builder) Op
}

// Child is one step below a node.
type Child struct {
	// Label is a path segment of its own for the place, such as a branch's key. A step that bears the same name adds no
	// second segment. Empty: the step's own name is the segment.
	Label string
	// Step is what stands there.
	Step *Step
}

// Indexed is implemented by nodes that run their children several times, by number: paths of what is below show the
// number, as in polish[2]/score.
type Indexed interface {
	// Indexed is a marker; it does nothing.
	Indexed()
}

// Layer is what a policy implements: it changes how one step is run.
// A Layer value may stand round many steps; what is private to one step is made in Wrap.
type Layer interface {
	// Name is the layer's name as explain, Config.Layers and errors spell it.
	Name() string
	// Wrap returns an op that runs next under this layer, or next itself when the layer has nothing to do there.
	// Mistakes go to Builder.Fail.
	Wrap(b *Builder, next Op) Op
}

// Pass rewrites the tree before it is built. A pass may not change an answer.
type Pass interface {
	// Name is the optimisation's name, as Config.Without spells it.
	Name() string
	// Rewrite returns the tree to build, which may be the one given. Paths and sites stay as they are.
	Rewrite(*Tree) *Tree
}
