package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/plan"
)

// write writes the explanation as a page: what it comes to first, then step by step.
func (e *explanation) write(p *page) {
	name := e.Name
	if name == "" {
		name = e.File
	}
	p.line(p.paint(bold, name))
	if e.Description != "" {
		p.text(0, "", 0, e.Description)
	}
	p.line()
	e.writeSummary(p)
	for _, s := range e.Steps {
		if s.depth == 0 {
			p.line()
		}
		s.write(p)
	}
}

// fact is one line of the summary.
type fact struct{ label, text string }

func (e *explanation) writeSummary(p *page) {
	facts := []fact{{"steps", plural(e.Summary.Steps, "step") + ", plan " + e.Hash[:12]}}
	for _, f := range []fact{
		{"asks", e.Summary.models()},
		{"reads", strings.Join(e.Summary.Reads, ", ")},
		{"writes", strings.Join(e.Summary.Writes, ", ")},
		{"sends", strings.Join(e.Summary.Sends, ", ")},
		{"stores", prefixed("in the run's state: ", strings.Join(e.Summary.Stores, ", "))},
		{"waits", prefixed("for a person, at ", plan.Enumerate(e.Summary.Waits...))},
	} {
		if f.text != "" {
			facts = append(facts, f)
		}
	}
	if len(e.Summary.Models) == 0 {
		facts = append(facts, fact{"asks", "no model"})
	}
	if len(e.Summary.Waits) == 0 {
		facts = append(facts, fact{"waits", "for nobody"})
	}
	facts = append(facts, fact{"limits", e.Limits.text()})
	for i, k := range e.State {
		label := "state"
		if i > 0 {
			label = ""
		}
		facts = append(facts, fact{label, declared(k)})
	}
	facts = append(facts, fact{"optimised", e.Optimised.text()})
	for _, f := range facts {
		p.text(2, f.label, len("optimised")+2, f.text)
	}
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// models says which models are asked where.
func (s *summary) models() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(s.Models)) {
		parts = append(parts, name+" (in "+plan.Enumerate(s.Models[name]...)+")")
	}
	return strings.Join(parts, ", ")
}

// text says what a run may use.
func (l runLimits) text() string {
	var parts []string
	if d, err := time.ParseDuration(l.Duration); err == nil && d > 0 {
		parts = append(parts, plan.Span(d))
	}
	if l.Calls != nil {
		parts = append(parts, plural(int(*l.Calls), "request")+" to models")
	}
	if l.Tokens != nil {
		parts = append(parts, plural(int(*l.Tokens), "token"))
	}
	if l.CostUSD != nil {
		parts = append(parts, fmt.Sprintf("$%.6g", *l.CostUSD))
	}
	text := "none for a run"
	if len(parts) > 0 {
		text = "a run may use at most " + plan.Enumerate(parts...)
	}
	if l.OutputBytes > 0 {
		text += "; one step may return at most " + memory(l.OutputBytes)
	}
	return text
}

// declared is a key of the state: count: integer, 0 at the start, changes of branches become one by sum.
func declared(k blueprint.Key) string {
	text := k.Name + ": " + k.Type
	if k.Default != nil || k.Type != "any" {
		text += ", " + plan.Excerpt(k.Default) + " at the start"
	}
	if k.Reducer != "" {
		text += ", changes of branches become one by " + k.Reducer
	}
	if k.Description != "" {
		text += " – " + plan.Line(k.Description)
	}
	return text
}

func (o optimised) text() string {
	list := func(names []string) string {
		if len(names) == 0 {
			return "none"
		}
		return strings.Join(names, ", ")
	}
	return "on: " + list(o.On) + "; off: " + list(o.Off)
}

// write writes a step: a line with its name, what it does, what stands round it, what is known of it.
func (s *explainedStep) write(p *page) {
	indent := 2 * s.depth
	head := strings.Repeat(" ", indent) + p.paint(bold, s.Name) + " (" + s.Kind + ")"
	p.line(head, "  ", p.paint(dim, strings.TrimSpace(s.Source+"  "+s.Types)))
	indent += 2
	p.text(indent, "", 0, sentence(s.Does))
	widest := 0
	for _, l := range s.Layers {
		widest = max(widest, len(l.Name))
	}
	for _, l := range s.Layers {
		text := l.Does
		if text == l.Name {
			text = "(a layer that says no more of itself)"
		}
		if l.Added {
			text += " – added by Compile"
		}
		p.text(indent+2, l.Name, widest+2, text)
	}
	if s.Analysis != nil {
		p.text(indent, s.Analysis.text(), 0, "")
	}
}

// text says what is known of a step.
func (a *analysed) text() string {
	var parts []string
	for _, f := range []struct {
		holds bool
		text  string
	}{
		{a.NeedsState, "uses the run's state"}, {a.AsksModel, "asks a model"}, {a.Streams, "streams its answer"}, {a.Waits, "waits for a person"},
		{a.Cacheable, "cacheable"}, {!a.Cacheable, "not cacheable"},
	} {
		if f.holds {
			parts = append(parts, f.text)
		}
	}
	return strings.Join(append(parts, fmt.Sprintf("complexity %d", a.Complexity), "about "+memory(a.Memory)+" of memory"), ", ")
}

// memory writes a number of bytes.
func memory(n int64) string {
	for _, u := range []struct {
		name string
		size int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if n >= u.size {
			return fmt.Sprintf("%.4g %s", float64(n)/float64(u.size), u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
