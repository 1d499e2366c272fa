// Package spec holds what the Spec struct of a kind is made of, so that Go options and blueprints fill the same one.
//
// A Spec is a struct whose exported fields carry a tag `weir:"key"` and a tag `doc:"sentence"`. A blueprint decodes into it
// by reflection; JSON Schema, reference pages and the hints for unknown keys are made from it. Child steps are Step or
// Branches, expressions Expr, values that may hold {{ }} Value. The package imports plan and the standard library only.
package spec
