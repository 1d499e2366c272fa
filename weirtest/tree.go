package weirtest

import (
	"strings"

	"github.com/weirflow/weir/plan"
)

// Tree gives a written step and what stands in it as text: a line for each, with its label, name, kind and layers.
func Tree(s *plan.Step) string {
	var b strings.Builder
	writeTree(&b, plan.Child{Step: s}, 0)
	return b.String()
}

func writeTree(b *strings.Builder, c plan.Child, depth int) {
	b.WriteString(strings.Repeat("  ", depth))
	s := c.Step
	if s == nil || s.Node == nil {
		b.WriteString("(nothing)\n")
		return
	}
	if c.Label != "" && c.Label != s.Name {
		b.WriteString(c.Label + ": ")
	}
	if s.Name != "" {
		b.WriteString(s.Name + " ")
	}
	b.WriteString("(" + s.Node.Kind() + ")")
	for _, l := range s.Layers {
		b.WriteString(" " + l.Name())
	}
	b.WriteByte('\n')
	for _, child := range s.Node.Children() {
		writeTree(b, child, depth+1)
	}
}
