package spec

import "context"

// Vars are what an expression or template sees beside the run's own names (context, steps). An absent name is an error
// when it is read. The map is read only and may be shared.
type Vars map[string]any

// The names that kinds and layers give to expressions.
const (
	// VarPrevious is the step's input.
	VarPrevious = "previous_step"
	// VarOutput is the last output: of a loop's body, of the step that a check looks at.
	VarOutput = "output"
	// VarItem and VarIndex are a map's item and its position from 0.
	VarItem  = "item"
	VarIndex = "index"
	// VarIteration is how many rounds a loop has completed.
	VarIteration = "iteration"
)

// Program evaluates a compiled expression or template. It is safe for use by several goroutines and bounded in cost.
type Program interface {
	Eval(ctx context.Context, vars Vars) (any, error)
}

// Expr is an expression of the blueprint's language, compiled at load. The zero value is no expression.
type Expr struct {
	// Source is the expression as written.
	Source string
	// Program is what it compiled to; nil: none was given.
	Program Program
}

// Set says that there is an expression.
func (e Expr) Set() bool { return e.Program != nil }

// Eval gives its value.
func (e Expr) Eval(ctx context.Context, vars Vars) (any, error) { return e.Program.Eval(ctx, vars) }

// Value is any YAML value whose strings may hold {{ expression }}. A string that is exactly one placeholder keeps the
// type of its value; maps and lists are rendered inside. The zero value is no value.
type Value struct {
	// Source is the value as written.
	Source any
	// Program renders it; nil: none was given.
	Program Program
}

// Set says that there is a value.
func (v Value) Set() bool { return v.Program != nil }

// Eval renders it.
func (v Value) Eval(ctx context.Context, vars Vars) (any, error) { return v.Program.Eval(ctx, vars) }
