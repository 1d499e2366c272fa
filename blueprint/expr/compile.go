package expr

import (
	"strings"

	"cel.dev/cel-go/cel"

	"github.com/weirflow/weir/blueprint/internal/nearest"
)

// maxErrors is how many mistakes of one expression are told: after a few, one follows from another.
const maxErrors = 3

// Steps are the earlier steps that an expression may name.
type Steps interface {
	// Key gives the key under which the run's state holds the output of the step, and whether the name is known.
	Key(name string) (key string, known bool)
	// Names are the known names, for hints.
	Names() []string
}

// Scope is what is known where an expression stands. The zero value knows no steps.
type Scope struct {
	// Steps are the earlier steps; nil: there are none.
	Steps Steps
	// Where names the place in errors of evaluation: "incident.yaml:12:9".
	Where string
}

// Compiler compiles expressions and templates. It is safe for use by several goroutines.
type Compiler struct {
	env *cel.Env
}

// NewCompiler makes a Compiler, which takes about a millisecond.
func NewCompiler() (*Compiler, error) {
	env, err := environment()
	if err != nil {
		return nil, err
	}
	return &Compiler{env: env}, nil
}

// Compile makes a program of an expression. A source that is one {{ placeholder }} is the expression in it. There is no
// program when there are errors, each of which has its place in the source.
func (c *Compiler) Compile(source string, scope Scope) (*Program, []*Error) {
	body, at := inner(source)
	p, errs := c.compile(body, scope)
	return p, shift(errs, at)
}

// inner gives the expression of a source that is one placeholder, and where it begins; others are given as they are.
func inner(source string) (string, int) {
	trimmed := strings.TrimLeft(source, " \t\r\n")
	if !strings.HasPrefix(trimmed, open) {
		return source, 0
	}
	end, ok := closing(trimmed[len(open):])
	if !ok || strings.TrimSpace(trimmed[len(open)+end+len(shut):]) != "" {
		return source, 0
	}
	return trimmed[len(open) : len(open)+end], len([]rune(source)) - len([]rune(trimmed)) + len(open)
}

func (c *Compiler) compile(source string, scope Scope) (*Program, []*Error) {
	if strings.TrimSpace(source) == "" {
		return nil, []*Error{errorAt(0, "write one, such as context.count > 3", "the expression is empty")}
	}
	ast, issues := c.env.Compile(source)
	if issues.Err() != nil {
		return nil, explain(source, issues, scope)
	}
	refs, errs := references(ast, source, scope)
	if len(errs) > 0 {
		return nil, errs
	}
	program, err := c.env.Program(ast, limits()...)
	if err != nil {
		return nil, []*Error{errorAt(0, "", "%v", err)}
	}
	p := &Program{source: strings.TrimSpace(source), where: scope.Where, program: program, ast: ast, refs: refs}
	if scope.Steps != nil && len(refs.Steps) > 0 {
		p.steps = make(map[string]string, len(refs.Steps))
		for _, name := range refs.Steps {
			p.steps[name], _ = scope.Steps.Key(name)
		}
	}
	return p, nil
}

// unknownStep says that no earlier step has a name.
func unknownStep(at int, name string, scope Scope) *Error {
	var known []string
	if scope.Steps != nil {
		known = scope.Steps.Names()
	}
	hint := "no step stands before this one"
	for _, k := range known {
		if cut, _, dashed := strings.Cut(k, "-"); dashed && cut == name {
			hint = "a name with a dash is written steps[\"" + k + "\"]"
			return errorAt(at, hint, "no earlier step is called %q", name)
		}
	}
	if near, ok := nearest.Name(name, known); ok {
		hint = "did you mean " + near + "?"
	} else if len(known) > 0 {
		hint = "earlier steps here: " + list16(known)
	}
	return errorAt(at, hint, "no earlier step is called %q", name)
}

// list16 joins names for people, the first 16 of them.
func list16(names []string) string {
	if len(names) > 16 {
		return strings.Join(names[:16], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
