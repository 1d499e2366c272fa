package blueprint

import (
	"strings"

	"github.com/weirflow/weir/blueprint/builtin"
	"github.com/weirflow/weir/plan"
)

// function is the node of a step that runs a function.
type function struct {
	call plan.Op
	// does says what for, effects what else is touched: for those who explain the plan.
	does    func() string
	effects []plan.Effect
}

// Kind is "func", as that of functions in Go.
func (f *function) Kind() string { return "func" }

// Children is nil: a function has none.
func (f *function) Children() []plan.Child { return nil }

// Explain says what the function does.
func (f *function) Explain() string { return f.does() }

// Effects lists what the function touches.
func (f *function) Effects() []plan.Effect { return f.effects }

// Build gives the function.
func (f *function) Build(*plan.Builder) plan.Op { return f.call }

// said is what a function without parameters does.
func said(text string) func() string { return func() string { return text } }

// builtinSaid says what a built-in function does, with its parameters as written.
func builtinSaid(b builtin.Builtin, with *node) string {
	text := strings.TrimSuffix(b.Doc, ".")
	text = strings.ToLower(text[:1]) + text[1:]
	for i, e := range with.entries {
		between := ", "
		if i == 0 {
			between = "; with "
		}
		text += between + e.key + ": "
		if e.value.kind == textNode && !strings.ContainsAny(e.value.text, " \n") {
			text += plan.Line(e.value.text)
			continue
		}
		text += plan.Excerpt(e.value.plain())
	}
	return text
}
