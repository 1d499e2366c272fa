package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// graphCommand draws a pipeline.
type graphCommand struct {
	source
	Format string `enum:"mermaid,dot" default:"mermaid" help:"mermaid or dot."`
}

// Run draws it.
func (c *graphCommand) Run(t terminal) error {
	l, err := c.load(nil, usage.Limits{})
	if err != nil {
		return err
	}
	defer l.close()
	sites := l.plan.Program().Sites
	if c.Format == "dot" {
		return dot(t.out, sites)
	}
	return mermaid(t.out, sites)
}

// edges joins the sites that follow each other. A step with children is a frame round them; an edge to or from it ends at the
// frame.
func edges(sites []*plan.Site) [][2]*plan.Site {
	var list [][2]*plan.Site
	for i, s := range sites {
		if s.End < len(sites) && inSequence(sites[s.End].Parent) && sites[s.End].Parent == s.Parent {
			list = append(list, [2]*plan.Site{sites[i], sites[s.End]})
		}
	}
	return list
}

// inSequence says that the children of p run one after the other. The top level does.
func inSequence(p *plan.Site) bool {
	if p == nil {
		return true
	}
	switch p.Kind {
	case "parallel", "conditional", "fallback", "router":
		return false
	}
	return true
}

// nest writes the sites as they stand in each other: enter opens a step with children, closing ends it, leaf writes one without.
func nest(b *strings.Builder, sites []*plan.Site, enter func(*plan.Site) []string, closing string, leaf func(*plan.Site) string) {
	var open []*plan.Site
	leave := func() {
		open = open[:len(open)-1]
		indent(b, len(open)+1, closing)
	}
	for _, s := range sites {
		for len(open) > 0 && s.Index >= open[len(open)-1].End {
			leave()
		}
		if s.End == s.Index+1 {
			indent(b, len(open)+1, leaf(s))
			continue
		}
		for i, line := range enter(s) {
			indent(b, len(open)+1+min(i, 1), line)
		}
		open = append(open, s)
	}
	for len(open) > 0 {
		leave()
	}
}

// mermaid writes a flowchart: composite steps are subgraphs.
func mermaid(w io.Writer, sites []*plan.Site) error {
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	node := func(s *plan.Site) string { return fmt.Sprintf("s%d[%s]", s.Index, quoted(s, "<br/>")) }
	nest(&b, sites, func(s *plan.Site) []string { return []string{"subgraph " + node(s)} }, "end", node)
	for _, e := range edges(sites) {
		indent(&b, 1, fmt.Sprintf("s%d --> s%d", e[0].Index, e[1].Index))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// dot writes a Graphviz graph: composite steps are clusters.
func dot(w io.Writer, sites []*plan.Site) error {
	var b strings.Builder
	b.WriteString("digraph weir {\n  compound=true; rankdir=TB; node [shape=box, style=rounded, fontname=\"sans-serif\"];\n")
	nest(&b, sites, func(s *plan.Site) []string {
		return []string{fmt.Sprintf("subgraph cluster_%d {", s.Index), "label=" + quoted(s, "\\n") + "; style=rounded;"}
	}, "}", func(s *plan.Site) string { return fmt.Sprintf("s%d [label=%s];", s.Index, quoted(s, "\\n")) })
	for _, e := range edges(sites) {
		from, to := leaf(sites, e[0], false), leaf(sites, e[1], true)
		var ends []string
		if from != e[0] {
			ends = append(ends, fmt.Sprintf("ltail=cluster_%d", e[0].Index))
		}
		if to != e[1] {
			ends = append(ends, fmt.Sprintf("lhead=cluster_%d", e[1].Index))
		}
		indent(&b, 1, fmt.Sprintf("s%d -> s%d [%s];", from.Index, to.Index, strings.Join(ends, ", ")))
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// leaf is the first or last leaf in a site: what an edge of a cluster is tied to.
func leaf(sites []*plan.Site, s *plan.Site, first bool) *plan.Site {
	for s.End > s.Index+1 {
		if first {
			s = sites[s.Index+1]
		} else {
			s = sites[s.End-1]
		}
	}
	return s
}

// quoted is a site's label: name, kind and layers.
func quoted(s *plan.Site, br string) string {
	text := s.Segment
	if s.Kind != "func" && s.Kind != "sequence" {
		text += br + s.Kind
	}
	var layers []string
	for _, a := range s.Around() {
		layers = append(layers, a.Name)
	}
	if len(layers) > 0 {
		text += br + strings.Join(layers, " · ")
	}
	return `"` + strings.ReplaceAll(text, `"`, "'") + `"`
}

func indent(b *strings.Builder, n int, line string) {
	b.WriteString(strings.Repeat("  ", n))
	b.WriteString(line)
	b.WriteByte('\n')
}
