package expr

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"

	"github.com/weirflow/weir/blueprint/internal/nearest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// Program is a compiled expression. It is safe for use by several goroutines.
type Program struct {
	source, where string
	program       cel.Program
	ast           *cel.Ast
	refs          Refs
	// steps gives the state's key for each step that the expression names.
	steps map[string]string
}

var _ spec.Program = (*Program)(nil)

// Source is the expression as written, without braces.
func (p *Program) Source() string { return p.source }

// Refs is what the expression reads.
func (p *Program) Refs() Refs { return p.refs }

// Type is the type of the expression's value as CEL knows it before it runs: bool, int, string, dyn and so on.
func (p *Program) Type() string { return p.ast.OutputType().String() }

// Eval gives the value: nil, bool, int, float64, string, []byte, time.Time, time.Duration, []any, map[string]any, or a
// value that the expression read, as it is. Such a value is shared with who made it and must not be modified.
//
// It fails with a *plan.Error of CodeExpression that says where the expression stands and what was not there, also when
// it costs too much, and with the context's cause when that ended.
func (p *Program) Eval(ctx context.Context, vars spec.Vars) (any, error) {
	e := &evaluation{reader: reader{left: CostLimit}, ctx: ctx, vars: vars, program: p}
	out, _, err := p.program.ContextEval(ctx, e)
	if err != nil {
		return nil, p.failure(ctx, e, err)
	}
	v, err := native(out)
	if err != nil {
		return nil, p.fail(err, "the value cannot be used: %v", err)
	}
	return v, nil
}

// fail makes an error of CodeExpression.
func (p *Program) fail(err error, format string, args ...any) error {
	where := p.where
	if where != "" {
		where += ": "
	}
	return &plan.Error{
		Code: plan.CodeExpression, Err: err,
		Text: fmt.Sprintf("%sexpression %s: %s", where, short(p.source), fmt.Sprintf(format, args...)),
	}
}

// short is a source as errors quote it: on one line, 80 characters of it.
func short(source string) string {
	text := []rune(strings.Join(strings.Fields(source), " "))
	if len(text) > 80 {
		text = append(text[:79], '…')
	}
	return "`" + string(text) + "`"
}

// failure says in plain words why an evaluation failed.
func (p *Program) failure(ctx context.Context, e *evaluation, err error) error {
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, interpreter.InterruptError{}) {
		return cause
	}
	if c, ok := errors.AsType[interpreter.EvalCancelledError](err); ok {
		switch c.Cause {
		case interpreter.CostLimitExceeded:
			return p.fail(nil, "stopped: it costs more than %d units; read fewer entries, or do the work in a function", CostLimit)
		case interpreter.MemoryLimitExceeded:
			return p.fail(nil, "stopped: it builds values of more than %d elements; do the work in a function", BuildLimit)
		}
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
	}
	text := err.Error()
	switch at := p.nodeText(err); {
	case strings.HasPrefix(text, noAttribute):
		name := strings.TrimSpace(text[len(noAttribute):])
		return p.fail(err, "%s is not known here; %s", name, known(name))
	case strings.HasPrefix(text, noKey):
		return p.fail(err, "%s is not there: no key %q%s", at, strings.TrimPrefix(text, noKey), e.missing(strings.TrimPrefix(text, noKey), at))
	case strings.HasPrefix(text, outOfBounds):
		return p.fail(err, "%s is not there: no entry %s", at, strings.TrimPrefix(text, outOfBounds))
	case strings.HasPrefix(text, "no such overload"):
		return p.fail(err, "%s does not go with the types it is given; CEL does not mix int and double: write 1.0 for 1, or double(x)", at)
	}
	return p.fail(err, "%s", text)
}

// The sentences in which CEL says that something is not there.
const (
	noAttribute = "no such attribute(s): "
	noKey       = "no such key: "
	outOfBounds = "index out of bounds: "
)

// absent says whether an error of CEL means that a name or key is not there.
func absent(e *types.Err) bool {
	text := e.Error()
	return strings.HasPrefix(text, noAttribute) || strings.HasPrefix(text, noKey) || strings.HasPrefix(text, outOfBounds)
}

// nodeText gives the part of the expression that an error is about, the whole where CEL does not say.
func (p *Program) nodeText(err error) string {
	e, ok := errors.AsType[*types.Err](err)
	if !ok {
		return short(p.source)
	}
	node, found := find(p.ast.NativeRep().Expr(), e.NodeID())
	if !found {
		return short(p.source)
	}
	text, err := cel.ExprToString(node, p.ast.NativeRep().SourceInfo())
	if err != nil {
		return short(p.source)
	}
	return strings.Trim(short(text), "`")
}

// known says where a name can be read.
func known(name string) string {
	switch name {
	case spec.VarOutput:
		return "output is for the exits of loops and for checks; the step's input is previous_step"
	case spec.VarItem, spec.VarIndex:
		return "only a map step and what stands in its body know it"
	case spec.VarIteration:
		return "only the keys of a loop know it"
	case VarContext, VarSteps, VarInput:
		return "it belongs to a run, and there is none"
	}
	return "use default(" + name + ", …) where it may be missing"
}

// missing is the end of the sentence about a key that is not there.
func (e *evaluation) missing(key, at string) string {
	if strings.HasPrefix(at, VarContext+".") {
		if scope := state.ScopeOf(e.ctx); scope != nil {
			if near, ok := nearest.Name(key, scope.Snapshot().Keys()); ok && near != key {
				return "; did you mean " + near + "?"
			}
		}
	}
	return "; use default(" + at + ", …) where it may be missing"
}
