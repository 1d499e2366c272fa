package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// explainCommand says what a pipeline does and what weir made of it.
type explainCommand struct {
	source
	JSON bool `help:"Print JSON."`
}

// Run explains it.
func (c *explainCommand) Run(t terminal) error {
	l, err := c.load(nil, usage.Limits{})
	if err != nil {
		return err
	}
	defer l.close()
	p := l.plan.Program()
	if c.JSON {
		return json.NewEncoder(t.out).Encode(explained(p))
	}
	name := l.blueprint.Name
	if name == "" {
		name = c.File
	}
	fmt.Fprintf(t.out, "%s: %s, plan %s\n\n", name, plural(len(p.Sites), "step"), p.Hash[:12])
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, s := range p.Sites {
		explainSite(w, s)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "\nOptimisations: %s\n", strings.Join(optimised(p), ", "))
	return nil
}

// explainSite writes a line: the step, what it does, and what stands round it, outermost first.
func explainSite(w io.Writer, s *plan.Site) {
	depth := 0
	for p := s.Parent; p != nil; p = p.Parent {
		depth++
	}
	var notes []string
	if len(s.Layers) > 0 {
		notes = append(notes, strings.Join(s.Layers, " · "))
	}
	if s.Analysis.NeedsState {
		notes = append(notes, "uses context")
	}
	if s.Analysis.Model {
		notes = append(notes, "asks a model")
	}
	if s.Streams {
		notes = append(notes, "streams its answer")
	}
	fmt.Fprintf(w, "%s%s\t%s\t%s\n", strings.Repeat("  ", depth), s.Segment, meaning(s), strings.Join(notes, "; "))
}

// meaning says in plain words what a kind does with what stands below it.
func meaning(s *plan.Site) string {
	switch s.Kind {
	case "func":
		return "runs a function"
	case "agent", "step":
		return "asks an agent"
	case "sequence":
		return "runs these one after the other"
	case "parallel":
		return "runs these at the same time and joins their outputs"
	case "map":
		return "runs this for every item"
	case "loop":
		return "repeats this until its exit holds or its rounds are used up"
	case "conditional":
		return "runs one of these, by a condition"
	case "fallback":
		return "runs the first; when it fails for good, the second"
	}
	return s.Kind
}

// optimised lists the optimisations of a plan.
func optimised(p *plan.Program) []string {
	var list []string
	for _, n := range p.Passes {
		if n != "defaults" {
			list = append(list, n)
		}
	}
	if !p.Plain["cow"] {
		list = append(list, "cow")
	}
	if len(list) == 0 {
		return []string{"none"}
	}
	return list
}

// explainedStep is a step in JSON.
type explainedStep struct {
	Path     string        `json:"path"`
	Kind     string        `json:"kind"`
	Meaning  string        `json:"meaning"`
	Layers   []string      `json:"layers"`
	Source   string        `json:"source,omitzero"`
	Streams  bool          `json:"streams,omitzero"`
	Analysis plan.Analysis `json:"analysis"`
}

// explained is the whole plan for a script.
func explained(p *plan.Program) any {
	steps := make([]explainedStep, len(p.Sites))
	for i, s := range p.Sites {
		steps[i] = explainedStep{s.Path, s.Kind, meaning(s), append([]string{}, s.Layers...), s.Source, s.Streams, s.Analysis}
	}
	return struct {
		Hash          string          `json:"hash"`
		Optimisations []string        `json:"optimisations"`
		Steps         []explainedStep `json:"steps"`
	}{p.Hash, optimised(p), steps}
}
