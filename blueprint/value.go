package blueprint

import (
	"context"
	"errors"
	"slices"

	"github.com/weirflow/weir/blueprint/expr"
	"github.com/weirflow/weir/blueprint/internal/nearest"
	"github.com/weirflow/weir/spec"
)

// maxExpressions bounds the time that compiling takes: an expression takes about 0.1 ms.
const maxExpressions = 5_000

// expression compiles a scalar: text, or a literal such as true.
func (d *decoder) expression(n *node, at path) spec.Expr {
	if n.kind == listNode || n.kind == mapNode || n.kind == nullNode {
		d.mismatch(n, at, "an expression such as context.count > 3")
		return spec.Expr{}
	}
	if !d.countExpression(n, at) {
		return spec.Expr{}
	}
	p, errs := d.compiler.Compile(n.text, d.exprScope(n.position))
	d.exprErrors(n, at, errs)
	if p == nil {
		return spec.Expr{Source: n.text, Program: unread{}}
	}
	d.reads(p.Refs())
	return spec.Expr{Source: p.Source(), Program: p}
}

// template compiles a value of any type whose texts may hold placeholders.
func (d *decoder) template(n *node, at path) spec.Value {
	part := d.part(n, at)
	if part == nil {
		return spec.Value{Source: n.plain(), Program: unread{}}
	}
	t := expr.NewTemplate(part)
	d.reads(t.Refs())
	return spec.Value{Source: n.plain(), Program: t}
}

// unread stands for an expression with a mistake that was told: the kind must not miss it as well.
type unread struct{}

// Eval is never called: a blueprint with mistakes has no step.
func (unread) Eval(context.Context, spec.Vars) (any, error) {
	return nil, errors.New("the expression could not be read")
}

// part compiles one value of a template, nil when there was a mistake in it.
func (d *decoder) part(n *node, at path) expr.Part {
	switch n.kind {
	case textNode:
		if !d.countExpression(n, at) {
			return nil
		}
		part, errs := d.compiler.Text(n.text, d.exprScope(n.position))
		d.exprErrors(n, at, errs)
		return part
	case listNode:
		parts := make([]expr.Part, len(n.items))
		for i, item := range n.items {
			parts[i] = d.part(item, at.index(i))
		}
		if slices.Contains(parts, nil) {
			return nil
		}
		return expr.List(parts)
	case mapNode:
		names := make([]string, len(n.entries))
		parts := make([]expr.Part, len(n.entries))
		for i, e := range n.entries {
			names[i], parts[i] = e.key, d.part(e.value, at.key(e.key))
		}
		if slices.Contains(parts, nil) {
			return nil
		}
		return expr.Map(names, parts)
	}
	return expr.Const(n.value)
}

// countExpression says whether another expression may be compiled. A text counts by the placeholders it could hold.
func (d *decoder) countExpression(n *node, at path) bool {
	if d.expressions > maxExpressions || d.full() {
		return false
	}
	d.expressions += 1 + placeholders(n.text)
	if d.expressions > maxExpressions {
		d.wrong(n.position, at, "", "the blueprint has more than %d expressions and texts with placeholders", maxExpressions)
		return false
	}
	return true
}

// placeholders counts where placeholders could begin.
func placeholders(s string) int {
	n := 0
	for i := range len(s) - 1 {
		if s[i] == '{' && s[i+1] == '{' {
			n++
		}
	}
	return n
}

// exprScope is what an expression at a place sees.
func (d *decoder) exprScope(at position) expr.Scope {
	return expr.Scope{Steps: d.scope, Where: d.source.where(at)}
}

// exprErrors notes the mistakes of an expression at their places in the file.
func (d *decoder) exprErrors(n *node, at path, errs []*expr.Error) {
	for _, e := range errs {
		d.wrong(d.source.place(n, e.Offset), at, e.Hint, "%s", e.Text)
	}
}

// reads notes what an expression reads that somebody must keep for it.
func (d *decoder) reads(r expr.Refs) {
	d.item = d.item || slices.Contains(r.Names, spec.VarItem) || slices.Contains(r.Names, spec.VarIndex)
	d.input = d.input || slices.Contains(r.Names, expr.VarInput)
	if outside(r) {
		d.outside++
	}
}

// function finds a registered function: fn:name, or the name alone.
func (d *decoder) function(n *node, at path) spec.Func {
	if n.kind != textNode {
		d.mismatch(n, at, "the name of a registered function: fn:name")
		return spec.Func{}
	}
	name := trimFn(n.text)
	if call, ok := d.options.Funcs[name]; ok {
		return spec.Func{Name: name, Call: call}
	}
	known := d.functionNames()
	hint := "no function is registered"
	if near, ok := nearest.Name(name, known); ok {
		hint = "did you mean fn:" + near + "?"
	} else if len(known) > 0 {
		hint = "registered are " + enumerate(known)
	}
	d.wrong(n.position, at, hint, "there is no function fn:%s", visible(name))
	return spec.Func{}
}
