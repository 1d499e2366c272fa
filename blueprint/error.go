package blueprint

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/weirflow/weir/plan"
)

// Stage says how far a blueprint could be read before a mistake showed.
type Stage string

const (
	// Read: it is no blueprint: no file, not UTF-8, not YAML, an unknown key, a value of the wrong type.
	Read Stage = "read"
	// Check: it is a blueprint, but a wrong one: names, values, expressions.
	Check Stage = "check"
)

// maxErrors is how many mistakes are told of one blueprint.
const maxErrors = 50

// Error is one mistake in a blueprint.
type Error struct {
	// File is the name that the blueprint was loaded under.
	File string `json:"file"`
	// Line and Column count from 1, Column in characters. Line 0: the mistake is the whole file's.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Path is the place in the document: steps[2].retry.attempts.
	Path string `json:"path,omitempty"`
	// Text says what is wrong; Hint what to do, and may be empty.
	Text string `json:"text"`
	Hint string `json:"hint,omitempty"`
	// Stage says whether it is no blueprint at all or a wrong one.
	Stage Stage `json:"stage"`
	// Snippet is the line with a caret under the place, on two lines; empty without a line.
	Snippet string `json:"snippet,omitempty"`
}

// Error gives file:line:column: text; hint, and the snippet below.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": " + e.Text)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	if e.Snippet != "" {
		b.WriteString("\n" + e.Snippet)
	}
	return b.String()
}

// ErrorCode is plan.CodeConfig.
func (e *Error) ErrorCode() plan.Code { return plan.CodeConfig }

// Errors are all mistakes of one blueprint in the order of their places, at most 50 and one that counts the others. It
// is what Load returns.
type Errors []*Error

// Error gives all of them, a line or three each.
func (es Errors) Error() string {
	texts := make([]string, len(es))
	for i, e := range es {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "\n")
}

// Unwrap gives them one by one, for errors.As.
func (es Errors) Unwrap() []error {
	all := make([]error, len(es))
	for i, e := range es {
		all[i] = e
	}
	return all
}

// Stage is Read when one of them is, and else Check.
func (es Errors) Stage() Stage {
	if slices.ContainsFunc(es, func(e *Error) bool { return e.Stage == Read }) {
		return Read
	}
	return Check
}

// StageOf says which stage an error of Load or LoadFile is of; Read for every other error.
func StageOf(err error) Stage {
	if es, ok := errors.AsType[Errors](err); ok {
		return es.Stage()
	}
	return Read
}

// problems collects mistakes.
type problems struct {
	source *source
	found  Errors
	more   int
}

// add notes a mistake at a position.
func (p *problems) add(at position, e Error) {
	e.File, e.Line, e.Column = p.source.name, at.line, at.column
	e.Snippet = p.source.snippet(at)
	if slices.ContainsFunc(p.found, func(o *Error) bool { return *o == e }) {
		return // an agent is read for each step that uses it, an alias in each of its places
	}
	if len(p.found) >= maxErrors {
		p.more++
		return
	}
	p.found = append(p.found, &e)
}

// full says that no further mistake would be told.
func (p *problems) full() bool { return len(p.found) >= maxErrors }

// failed says that a mistake was found in a map itself, or in one of its keys, but not further down.
func (p *problems) failed(at path) bool {
	return slices.ContainsFunc(p.found, func(e *Error) bool {
		below, ok := strings.CutPrefix(e.Path, string(at))
		return ok && (below == "" || below[0] == '.' && !strings.ContainsAny(below[1:], ".["))
	})
}

// err gives the mistakes in order, nil when there are none.
func (p *problems) err() error {
	if len(p.found) == 0 {
		return nil
	}
	slices.SortStableFunc(p.found, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if p.more > 0 {
		p.found = append(p.found, &Error{File: p.source.name, Stage: Check, Text: fmt.Sprintf("%d more mistakes are not shown", p.more)})
	}
	return p.found
}

// visible is text with what would disturb a terminal shown as a question mark.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r != ' ' && !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
