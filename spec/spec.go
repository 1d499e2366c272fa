package spec

import "github.com/weirflow/weir/plan"

// Spec is what a kind decodes: a pointer to its struct.
type Spec interface {
	// Node checks the spec and makes the node. Every mistake is in the error, joined.
	Node() (plan.Node, error)
}

// ItemReader is implemented by specs of kinds that show their item to expressions only when one of them reads it, since
// showing it costs something for every item.
type ItemReader interface {
	// ReadsItem says that an expression in the body reads item or index.
	ReadsItem()
}

// Short is implemented by structs of a Spec that a blueprint may also write as one word: reduce: first in place of
// reduce: {mode: first}.
type Short interface {
	// ShortKey is the key of the struct that the word is the value of.
	ShortKey(word string) string
}

// Kind is one entry of the list of kinds that blueprints know.
type Kind struct {
	// Name is the word after `kind:`.
	Name string
	// Aliases are other words for it.
	Aliases []string
	// Under is the key that holds the spec's fields, such as "loop"; empty: they stand beside name and kind.
	Under string
	// Doc says in one sentence what the kind does.
	Doc string
	// New makes an empty spec with its defaults set.
	New func() Spec
}

// Step is a child step. In a blueprint it is a step, a list of steps, or a map with the key steps.
type Step struct{ *plan.Step }

// Branch is one named child.
type Branch struct {
	Name string
	Step Step
}

// Branches are named children in written order: a map in a blueprint.
type Branches []Branch

// Func is a registered Go function, by name in a blueprint (fn:name).
type Func struct {
	// Name is the registered name.
	Name string
	// Call is the function with its types taken off.
	Call plan.Op
}
