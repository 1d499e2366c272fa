package expr

import (
	"context"
	"maps"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"

	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// evaluation is one run of a program: it answers for names.
type evaluation struct {
	reader
	ctx     context.Context
	vars    spec.Vars
	program *Program
	// context and steps are made when first read.
	context, steps any
}

var _ cel.Activation = (*evaluation)(nil)

// Parent is nil: there is nothing outside.
func (e *evaluation) Parent() cel.Activation { return nil }

// ResolveName gives the value of a name.
func (e *evaluation) ResolveName(name string) (any, bool) {
	v, ok := e.vars[name]
	if ok {
		return e.NativeToValue(v), true
	}
	scope := state.ScopeOf(e.ctx)
	if scope == nil {
		return nil, false
	}
	switch name {
	case VarContext:
		if e.context == nil {
			e.context = e.NativeToValue(e.contextOf(scope))
		}
		return e.context, true
	case VarSteps:
		if e.steps == nil {
			e.steps = e.NativeToValue(e.stepsOf(scope))
		}
		return e.steps, true
	case VarInput, spec.VarItem, spec.VarIndex: // kept for what reads them: by the loader, and by a map for its body
		if v, ok := scope.View(state.PrivatePrefix + name); ok {
			return e.NativeToValue(v), true
		}
	}
	return nil, false
}

// contextOf gives the keys of the state that the expression reads, their values shared.
func (e *evaluation) contextOf(scope *state.Scope) map[string]any {
	m := make(map[string]any, len(e.program.refs.Context))
	if e.program.refs.WholeContext {
		maps.Insert(m, scope.Snapshot().All())
		return m
	}
	for _, key := range e.program.refs.Context {
		if v, ok := scope.View(key); ok && key[:min(1, len(key))] != state.PrivatePrefix {
			m[key] = v
		}
	}
	return m
}

// stepsOf gives the steps that the expression names.
func (e *evaluation) stepsOf(scope *state.Scope) map[string]any {
	m := make(map[string]any, len(e.program.steps))
	for name, key := range e.program.steps {
		out, ran := scope.View(key)
		status := "completed"
		if !ran {
			status = "not_run"
		}
		m[name] = map[string]any{"output": out, "status": status}
	}
	return m
}

// InputKey is the state's key under which the pipeline's input is kept for expressions that read it.
const InputKey = state.PrivatePrefix + "input"

// StepKey is the state's key under which the output of the step at a path is kept for expressions that read it.
func StepKey(path string) string { return state.PrivatePrefix + "steps/" + path }

// find gives the node of an expression with an id.
func find(e ast.Expr, id int64) (ast.Expr, bool) {
	var at ast.Expr
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(n ast.Expr) {
		if n.ID() == id && at == nil {
			at = n
		}
	}))
	return at, at != nil
}
