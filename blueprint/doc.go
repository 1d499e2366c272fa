// Package blueprint turns YAML into a step.
//
//	b, err := blueprint.LoadFile("incident.yaml", blueprint.Options{Kinds: kinds.All()})
//	plan, err := weir.Compile(weir.Dynamic(b.Step), &weir.Config{State: b.State, Limits: b.Limits, Without: b.Without})
//
// The format is strict: a key that is not known is an error, and so is a value of the wrong type, a name that nothing has,
// an expression that does not compile. Every mistake is told at once, each with file, line and column, the line itself with
// a caret, the cause, and the nearest known name; see Errors. What a kind understands is read from the tags of its Spec
// struct by reflection, so that a kind has no YAML in it.
//
// Blueprints may come from anybody: size, depth, number of nodes, expansion of aliases and the cost of expressions are
// bounded, and nothing outside the folders that Options name is read or written.
package blueprint
