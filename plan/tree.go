package plan

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// MaxDepth is how deep steps may stand in each other. It bounds the stack of a run and the length of its paths.
const MaxDepth = 100

// Tree is one written step at its place: what passes rewrite and Build turns into ops. The same Step value may stand at
// several places; each place has its own Tree and Site.
type Tree struct {
	// Step is what stands here.
	Step *Step
	// Site is the place; nil for a sequence without a name, which adds nothing to paths or records.
	Site *Site
	// Under is the nearest site that holds this place: Site, or that of a parent; nil at the top.
	Under *Site
	// Children are in the order of Step.Node.Children, until a pass rewrites them.
	Children []*Tree
	// parks says that a strand may leave its goroutine here.
	parks bool
}

// Grow lays out a written step: a Tree with paths and sites, and every mistake that can be seen without building.
func Grow(s *Step) (*Tree, []*Site, []error) {
	g := &grower{}
	t := g.grow(s, "", nil, map[string]*Step{}, 0)
	streaming(t)
	return t, g.sites, g.errs
}

type grower struct {
	sites []*Site
	errs  []error
}

func (g *grower) fail(path, source, format string, args ...any) {
	g.errs = append(g.errs, mistake(path, source, fmt.Sprintf(format, args...)))
}

// grow makes the tree of s. names are the segments taken in the scope that s stands in.
func (g *grower) grow(s *Step, label string, under *Site, names map[string]*Step, depth int) *Tree {
	t := &Tree{Step: s, Under: under}
	if depth > MaxDepth {
		g.fail(pathOf(under), "", "steps stand more than %d deep in each other; split the pipeline", MaxDepth)
		return t
	}
	if s == nil || s.Node == nil {
		g.fail(join(pathOf(under), label), "", "the step is empty: it was never made (a nil or zero Step)")
		return t
	}
	segment, inner := segments(s, label)
	if segment != "" {
		under = g.site(t, s, segment, under, names)
		names = map[string]*Step{}
		if inner != "" { // the label is a scope, and the step stands in it under its own name
			t.Site = nil
			in := g.grow(s, "", under, names, depth+1)
			g.close(under)
			t.Step, t.Children = scopeOf(s), []*Tree{in}
			t.Site = under
			under.Derived, under.Indexed, under.Kind, under.Layers = true, false, sequenceKind, nil
			under.step, under.layers = t.Step, nil
			return t
		}
	} else if _, sequence := s.Node.(*Sequence); !sequence {
		g.fail(pathOf(under), s.Source, "a step of the kind %s has no name, so it has no place in paths and journals: give it one", s.Node.Kind())
	} else if len(s.Layers) > 0 {
		g.fail(pathOf(under), s.Source, "a sequence with layers needs a name: use Named")
	}
	g.children(t, s, under, names, depth)
	if t.Site != nil {
		g.close(t.Site)
	}
	return t
}

// segments gives the path segment of a step at a place, and its own name where both the label and the name are needed.
func segments(s *Step, label string) (segment, inner string) {
	switch {
	case label == "" || label == s.Name:
		return s.Name, ""
	case s.Name == "":
		return label, ""
	}
	return label, s.Name
}

// children grows what stands below t. A sequence's steps share the scope it stands in unless it has a name.
func (g *grower) children(t *Tree, s *Step, under *Site, names map[string]*Step, depth int) {
	kids := s.Node.Children()
	if len(kids) == 0 {
		return
	}
	t.Children = make([]*Tree, len(kids))
	for i, c := range kids {
		t.Children[i] = g.grow(c.Step, c.Label, under, names, depth+1)
	}
	if _, ok := s.Node.(*Sequence); ok {
		g.meet(kids, pathOf(under))
	}
}

// meet checks that each step of a sequence takes what the one before it gives.
func (g *grower) meet(kids []Child, path string) {
	for i := 1; i < len(kids); i++ {
		a, b := last(kids[i-1].Step), first(kids[i].Step)
		if a == nil || b == nil || a.Out == nil || b.In == nil || fits(a.Out, b.In) {
			continue
		}
		g.errs = append(g.errs, &Error{Code: CodeType, Text: mistake(path, b.Source, fmt.Sprintf(
			"step %q gives %v, but step %q takes %v; put a step between them that turns one into the other", a.Name, a.Out, b.Name, b.In)).Error()})
	}
}

// fits says that a value of type out may be given where in is asked for.
func fits(out, in reflect.Type) bool {
	return out.AssignableTo(in) || out.Kind() == reflect.Interface
}

// site makes the site of t.
func (g *grower) site(t *Tree, s *Step, segment string, under *Site, names map[string]*Step) *Site {
	if strings.ContainsAny(segment, "/[]") {
		g.fail(join(pathOf(under), segment), s.Source, "a name may not hold / [ or ]: they part the segments of a path")
	}
	if _, taken := names[segment]; taken {
		g.fail(join(pathOf(under), segment), s.Source, "two steps in one scope have the name %q; rename one", segment)
	}
	names[segment] = s
	_, indexed := s.Node.(Indexed)
	_, sequence := s.Node.(*Sequence)
	site := &Site{
		Index: len(g.sites), Parent: under, Segment: segment, Name: s.Name, Kind: s.Node.Kind(), Source: s.Source,
		Path: join(pathOf(under), segment), Indexed: indexed, Derived: sequence && len(s.Layers) == 0,
		In: s.In, Out: s.Out, Analysis: analyse(s), step: s, layers: s.Layers,
	}
	if site.Name == "" {
		site.Name = segment
	}
	for _, l := range s.Layers {
		if l == nil {
			g.fail(site.Path, s.Source, "a layer is nil; leave it out")
			continue
		}
		site.Layers = append(site.Layers, l.Name())
	}
	g.sites = append(g.sites, site)
	t.Site, t.Under = site, site
	return site
}

func (g *grower) close(s *Site) { s.End = len(g.sites) }

// scopeOf is the sequence that stands for a label round one step.
func scopeOf(s *Step) *Step {
	return &Step{Node: &Sequence{Steps: []*Step{s}}, In: s.In, Out: s.Out, Source: s.Source}
}

func first(s *Step) *Step { return end(s, func(q *Sequence) *Step { return q.Steps[0] }) }
func last(s *Step) *Step  { return end(s, func(q *Sequence) *Step { return q.Steps[len(q.Steps)-1] }) }

// end follows sequences without names down to the step at one of their ends.
func end(s *Step, pick func(*Sequence) *Step) *Step {
	for s != nil && s.Node != nil {
		q, ok := s.Node.(*Sequence)
		if !ok || len(q.Steps) == 0 || s.Name != "" {
			return s
		}
		s = pick(q)
	}
	return nil
}

// mistake is one thing wrong with a written pipeline.
func mistake(path, source, text string) error {
	switch {
	case source != "" && path != "":
		return fmt.Errorf("weir: compile: %s: %s: %s", source, path, text)
	case path != "":
		return fmt.Errorf("weir: compile: %s: %s", path, text)
	}
	return fmt.Errorf("weir: compile: %s", text)
}

func pathOf(s *Site) string {
	if s == nil {
		return ""
	}
	return s.Path
}

func join(path, segment string) string {
	switch {
	case path == "":
		return segment
	case segment == "":
		return path
	}
	return path + "/" + segment
}

func typeName(t reflect.Type) string {
	if t == nil {
		return "any"
	}
	return t.String()
}

// Number is the label of an unnamed place, such as a branch without a name: its position from 0.
func Number(i int) string { return strconv.Itoa(i) }
