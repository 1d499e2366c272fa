package expr

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// What stands round a placeholder; a backslash before the braces makes them text.
const (
	open    = "{{"
	shut    = "}}"
	escaped = `\{{`
)

// Part is a piece of a template: what Compiler.Text, Const, List and Map make.
type Part interface {
	render(r *rendering) (any, error)
	reads() Refs
}

// rendering is one rendering of a template.
type rendering struct {
	ctx  context.Context
	vars spec.Vars
	// left is how many bytes of text may still be made.
	left int
}

// Const is a value without placeholders. A list or map in it must be made with List and Map.
func Const(v any) Part { return constant{v} }

type constant struct{ value any }

func (c constant) render(*rendering) (any, error) { return c.value, nil }
func (constant) reads() Refs                      { return Refs{} }

// List is a list of parts.
func List(items []Part) Part { return listPart(items) }

type listPart []Part

func (l listPart) render(r *rendering) (any, error) {
	out := make([]any, len(l))
	var err error
	for i, item := range l {
		if out[i], err = item.render(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (l listPart) reads() Refs {
	var all Refs
	for _, item := range l {
		all = all.join(item.reads())
	}
	return all
}

// Map is a map of parts; keys and values go together by position.
func Map(keys []string, values []Part) Part { return mapPart{keys, values} }

type mapPart struct {
	keys   []string
	values []Part
}

func (m mapPart) render(r *rendering) (any, error) {
	out := make(map[string]any, len(m.keys))
	for i, key := range m.keys {
		v, err := m.values[i].render(r)
		if err != nil {
			return nil, err
		}
		out[key] = v
	}
	return out, nil
}

func (m mapPart) reads() Refs { return listPart(m.values).reads() }

// wholePart is a placeholder that stands alone: its value keeps its type.
type wholePart struct{ *Program }

func (w wholePart) render(r *rendering) (any, error) { return w.Eval(r.ctx, r.vars) }
func (w wholePart) reads() Refs                      { return w.refs }

// text is literal text with placeholders between: literals has one more entry than programs.
type text struct {
	literals []string
	programs []*Program
}

func (t *text) render(r *rendering) (any, error) {
	b := make([]byte, 0, len(t.literals[0])+32*len(t.programs))
	b = append(b, t.literals[0]...)
	for i, p := range t.programs {
		v, err := p.Eval(r.ctx, r.vars)
		if err != nil {
			return nil, err
		}
		if b, err = appendText(b, v); err != nil {
			return nil, p.fail(err, "%v", err)
		}
		b = append(b, t.literals[i+1]...)
		if len(b) > r.left {
			return nil, p.fail(errTooLong, "%v", errTooLong)
		}
	}
	r.left -= len(b)
	return string(b), nil
}

func (t *text) reads() Refs {
	var all Refs
	for _, p := range t.programs {
		all = all.join(p.refs)
	}
	return all
}

// Text compiles text with placeholders. One without any is a Const, also where \{{ was turned into {{.
func (c *Compiler) Text(source string, scope Scope) (Part, []*Error) {
	var t text
	var errs []*Error
	var literal strings.Builder
	rest := source
	for {
		at := strings.Index(rest, open)
		if at < 0 {
			break
		}
		if before, ok := strings.CutSuffix(rest[:at], `\`); ok {
			literal.WriteString(before + open)
			rest = rest[at+len(open):]
			continue
		}
		literal.WriteString(rest[:at])
		begin := len(source) - len(rest) + at
		rest = rest[at+len(open):]
		end, ok := closing(rest)
		if !ok {
			return nil, append(errs, errorAt(utf8.RuneCountInString(source[:begin]),
				`close it with }}, or write \{{ for the braces themselves`, "the placeholder does not end"))
		}
		p, found := c.compile(rest[:end], scope)
		errs = append(errs, shift(found, utf8.RuneCountInString(source[:begin])+len(open))...)
		t.literals, t.programs = append(t.literals, literal.String()), append(t.programs, p)
		literal.Reset()
		rest = rest[end+len(shut):]
	}
	if len(errs) > 0 {
		return nil, errs
	}
	t.literals = append(t.literals, literal.String()+rest)
	switch {
	case len(t.programs) == 0:
		return Const(t.literals[0]), nil
	case len(t.programs) == 1 && t.literals[0] == "" && t.literals[1] == "":
		return wholePart{t.programs[0]}, nil
	}
	return &t, nil
}

// closing gives the position of the braces that end a placeholder: not those in quotes, nor those of a map.
func closing(s string) (int, bool) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"', '\'':
			i = quoteEnd(s, i)
		case '{':
			depth++
		case '}':
			if depth == 0 && strings.HasPrefix(s[i:], shut) {
				return i, true
			}
			depth = max(depth-1, 0)
		}
	}
	return 0, false
}

// quoteEnd gives the position of the quote that ends the one at i: of three where three began it.
func quoteEnd(s string, i int) int {
	quote := s[i : i+1]
	if long := strings.Repeat(quote, 3); strings.HasPrefix(s[i:], long) {
		quote = long
	}
	raw := i > 0 && (s[i-1] == 'r' || s[i-1] == 'R')
	for i += len(quote); i < len(s); i++ {
		if s[i] == '\\' && !raw {
			i++
		} else if strings.HasPrefix(s[i:], quote) {
			return i + len(quote) - 1
		}
	}
	return len(s)
}

// Template renders parts. It is safe for use by several goroutines.
type Template struct {
	root Part
	refs Refs
}

var _ spec.Program = (*Template)(nil)

// NewTemplate makes a template of a part.
func NewTemplate(root Part) *Template { return &Template{root: root, refs: root.reads()} }

// Refs is what the template reads.
func (t *Template) Refs() Refs { return t.refs }

// Literal gives the value of a template without placeholders, lists and maps apart.
func (t *Template) Literal() (any, bool) {
	c, ok := t.root.(constant)
	return c.value, ok
}

// Eval renders the template: lists and maps anew each time, text with its placeholders filled in, a placeholder that stands
// alone as the value that it is. It fails as Program.Eval does, and when its texts together are longer than OutputLimit.
func (t *Template) Eval(ctx context.Context, vars spec.Vars) (any, error) {
	v, err := t.root.render(&rendering{ctx: ctx, vars: vars, left: OutputLimit})
	if err != nil && plan.CodeOf(err) == plan.CodeFailed && ctx.Err() == nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	return v, err
}
