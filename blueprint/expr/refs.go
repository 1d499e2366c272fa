package expr

import (
	"maps"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// Refs is what an expression reads.
type Refs struct {
	// Context are the keys of the run's state, sorted.
	Context []string
	// WholeContext says that it reads the state as a whole, as in toJSON(context) or context[name].
	WholeContext bool
	// Steps are the earlier steps, sorted.
	Steps []string
	// Names are the other names: previous_step, output, item and so on, sorted.
	Names []string
}

// join adds what another expression reads.
func (r Refs) join(o Refs) Refs {
	return Refs{
		Context:      union(r.Context, o.Context),
		WholeContext: r.WholeContext || o.WholeContext,
		Steps:        union(r.Steps, o.Steps),
		Names:        union(r.Names, o.Names),
	}
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// references finds out what a checked expression reads, and that the steps it names are known.
func references(checked *cel.Ast, source string, scope Scope) (Refs, []*Error) {
	w := walker{
		source: []rune(source), scope: scope, info: checked.NativeRep().SourceInfo(),
		context: map[string]bool{}, steps: map[string]bool{}, names: map[string]bool{},
	}
	w.walk(checked.NativeRep().Expr())
	return Refs{
		Context: sorted(w.context), WholeContext: w.whole, Steps: sorted(w.steps), Names: sorted(w.names),
	}, w.errs
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// walker goes through an expression.
type walker struct {
	source []rune
	scope  Scope
	info   *ast.SourceInfo
	// bound are the names that list macros have taken: x in xs.all(x, …).
	bound []string

	context, steps, names map[string]bool
	whole                 bool
	errs                  []*Error
}

func (w *walker) walk(e ast.Expr) {
	switch e.Kind() {
	case ast.IdentKind:
		w.ident(e)
	case ast.SelectKind:
		s := e.AsSelect()
		if !w.member(s.Operand(), s.FieldName()) {
			w.walk(s.Operand())
		}
	case ast.CallKind:
		w.call(e.AsCall())
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			w.walk(item)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			w.walk(entry.AsMapEntry().Key())
			w.walk(entry.AsMapEntry().Value())
		}
	case ast.StructKind:
		for _, f := range e.AsStruct().Fields() {
			w.walk(f.AsStructField().Value())
		}
	case ast.ComprehensionKind:
		w.comprehension(e.AsComprehension())
	}
}

func (w *walker) call(c ast.CallExpr) {
	args := c.Args()
	if c.FunctionName() == operators.Index && len(args) == 2 {
		if key, ok := literal(args[1]); ok && w.member(args[0], key) {
			return
		}
	}
	if c.IsMemberFunction() {
		w.walk(c.Target())
	}
	for _, arg := range args {
		w.walk(arg)
	}
}

func (w *walker) comprehension(c ast.ComprehensionExpr) {
	w.walk(c.IterRange())
	w.walk(c.AccuInit())
	had := len(w.bound)
	w.bound = append(w.bound, c.IterVar(), c.IterVar2(), c.AccuVar())
	w.walk(c.LoopCondition())
	w.walk(c.LoopStep())
	w.walk(c.Result())
	w.bound = w.bound[:had]
}

// ident notes a name that stands by itself.
func (w *walker) ident(e ast.Expr) {
	name := e.AsIdent()
	switch {
	case slices.Contains(w.bound, name):
	case name == VarContext:
		w.whole = true
	case name == VarSteps:
		w.fail(errorAt(w.offset(e), "say which: steps.NAME.output", "steps cannot be read as a whole or by a computed name"))
	case slices.Contains(names[:], name):
		w.names[name] = true
	}
}

// member notes context.x and steps.x, and says whether it was one of these.
func (w *walker) member(of ast.Expr, key string) bool {
	if of.Kind() != ast.IdentKind || slices.Contains(w.bound, of.AsIdent()) {
		return false
	}
	switch of.AsIdent() {
	case VarContext:
		w.context[key] = true
	case VarSteps:
		w.step(of, key)
	default:
		return false
	}
	return true
}

func (w *walker) step(of ast.Expr, name string) {
	if w.scope.Steps != nil {
		if _, known := w.scope.Steps.Key(name); known {
			w.steps[name] = true
			return
		}
	}
	w.fail(unknownStep(w.offset(of)+len(VarSteps)+1, name, w.scope))
}

func (w *walker) fail(err *Error) {
	if len(w.errs) < maxErrors {
		w.errs = append(w.errs, err)
	}
}

// offset gives where an expression stands in the source.
func (w *walker) offset(e ast.Expr) int {
	at := w.info.GetStartLocation(e.ID())
	return offsetOf(w.source, at.Line(), at.Column())
}

// literal gives the text of a literal.
func literal(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// offsetOf turns a line from 1 and a column from 0 into an offset within the source.
func offsetOf(source []rune, line, column int) int {
	at := 0
	for ; line > 1 && at < len(source); at++ {
		if source[at] == '\n' {
			line--
		}
	}
	return min(at+max(column, 0), len(source))
}
