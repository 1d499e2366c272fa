package main

import (
	"slices"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// explanation is what explain knows of a pipeline: text and JSON are written from it.
type explanation struct {
	Name        string          `json:"name"`
	Description string          `json:"description,omitzero"`
	File        string          `json:"file"`
	Hash        string          `json:"hash"`
	Summary     summary         `json:"summary"`
	Limits      runLimits       `json:"limits"`
	State       []blueprint.Key `json:"state"`
	Optimised   optimised       `json:"optimisations"`
	Steps       []explainedStep `json:"steps"`
}

// summary is what a run does on the whole.
type summary struct {
	Steps int `json:"steps"`
	// Models has the paths of the steps that ask a model, by its name.
	Models map[string][]string `json:"models"`
	Reads  []string            `json:"reads"`
	Writes []string            `json:"writes"`
	Sends  []string            `json:"sends"`
	Stores []string            `json:"stores"`
	// Waits has the paths of the steps at which a run can wait for a person.
	Waits []string `json:"waits"`
}

// runLimits is what one run may use; what is absent is not limited.
type runLimits struct {
	Duration    string   `json:"duration,omitzero"`
	Calls       *int64   `json:"calls,omitzero"`
	Tokens      *int64   `json:"tokens,omitzero"`
	CostUSD     *float64 `json:"cost_usd,omitzero"`
	OutputBytes int64    `json:"output_bytes,omitzero"`
}

// optimised are the optimisations of the plan.
type optimised struct {
	On  []string `json:"on"`
	Off []string `json:"off"`
}

// explainedStep is a step.
type explainedStep struct {
	Path     string           `json:"path"`
	Name     string           `json:"name"`
	Kind     string           `json:"kind"`
	Does     string           `json:"does"`
	Source   string           `json:"source,omitzero"`
	Types    string           `json:"types,omitzero"`
	Layers   []explainedLayer `json:"layers"`
	Effects  []plan.Effect    `json:"effects"`
	Analysis *analysed        `json:"analysis,omitzero"`
	depth    int
}

// explainedLayer is a layer round a step.
type explainedLayer struct {
	Name  string `json:"name"`
	Does  string `json:"does"`
	Added bool   `json:"added_by_compile"`
}

// analysed is what Compile found out about a step.
type analysed struct {
	NeedsState bool  `json:"needs_state"`
	AsksModel  bool  `json:"asks_model"`
	Waits      bool  `json:"waits"`
	Streams    bool  `json:"streams"`
	Cacheable  bool  `json:"cacheable"`
	Complexity int   `json:"complexity"`
	Memory     int64 `json:"memory_bytes"`
}

// explain gathers what there is to say.
func explain(file string, l *loaded) *explanation {
	b, p := l.blueprint, l.plan.Program()
	e := &explanation{
		Name: b.Name, Description: b.Description, File: file, Hash: p.Hash, Limits: limitsOf(b.Limits, p.MaxOutput),
		State: append([]blueprint.Key{}, b.Keys...), Optimised: optimisations(p), Steps: make([]explainedStep, len(p.Sites)),
	}
	e.Summary = summary{Steps: countSteps(p.Sites), Models: map[string][]string{}, Reads: []string{}, Writes: []string{}, Sends: []string{}, Stores: []string{}, Waits: []string{}}
	for i, s := range p.Sites {
		e.Steps[i] = explainStep(s)
		e.Summary.add(s, e.Steps[i].Effects)
	}
	return e
}

// explainStep gathers what there is to say of a step.
func explainStep(s *plan.Site) explainedStep {
	x := explainedStep{
		Path: s.Path, Name: s.Segment, Kind: s.Kind, Does: s.Explain(), Source: s.Source, depth: depth(s),
		Layers: []explainedLayer{}, Effects: append([]plan.Effect{}, s.Effects()...),
	}
	for _, a := range s.Around() {
		x.Layers = append(x.Layers, explainedLayer{a.Name, a.Text, a.Added})
	}
	if s.Derived {
		return x
	}
	a := s.Analysis
	if s.In != nil || s.Out != nil {
		x.Types = a.Signature
	}
	x.Analysis = &analysed{a.NeedsState, a.Model, a.Waits, s.Streams, a.Cacheable, a.Complexity, a.Memory}
	return x
}

// add counts a step.
func (s *summary) add(at *plan.Site, effects []plan.Effect) {
	if at.Derived {
		return
	}
	if at.Analysis.Waits {
		s.Waits = append(s.Waits, at.Path)
	}
	once := func(list *[]string, what string) {
		if !slices.Contains(*list, what) {
			*list = append(*list, what)
		}
	}
	named := false
	for _, e := range effects {
		switch e.Verb {
		case plan.Asks:
			s.Models[e.What], named = append(s.Models[e.What], at.Path), true
		case plan.Reads:
			once(&s.Reads, e.What)
		case plan.Writes:
			once(&s.Writes, e.What)
		case plan.Sends:
			once(&s.Sends, e.What)
		case plan.Stores:
			once(&s.Stores, e.What)
		}
	}
	if at.Analysis.Model && !named { // a kind that does not say which
		s.Models["a model"] = append(s.Models["a model"], at.Path)
	}
}

// limitsOf turns limits into what JSON shows.
func limitsOf(l usage.Limits, output int64) runLimits {
	r := runLimits{OutputBytes: output}
	if l.Duration > 0 {
		r.Duration = l.Duration.Round(time.Millisecond).String()
	}
	if l.Calls.Set() {
		r.Calls = new(l.Calls.Value())
	}
	if l.Tokens.Set() {
		r.Tokens = new(l.Tokens.Value())
	}
	if l.Cost.Set() {
		r.CostUSD = new(float64(l.Cost.Value()) / 1e6)
	}
	return r
}

// optimisations lists those that the plan has and those that were dropped.
func optimisations(p *plan.Program) optimised {
	o := optimised{On: []string{}, Off: append([]string{}, p.Plain...)}
	for _, n := range weir.Optimisations() {
		if !slices.Contains(p.Plain, n) {
			o.On = append(o.On, n)
		}
	}
	return o
}
