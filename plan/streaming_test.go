package plan

import (
	"slices"
	"testing"
)

// knows is a node that says something about itself.
type knows struct {
	leaf
	tell func(*Analysis)
}

func (k knows) Analyse(a *Analysis) { k.tell(a) }

// around is a layer that says something about its step.
type around struct{ tell func(*Analysis) }

func (around) Name() string              { return "around" }
func (around) Wrap(_ *Builder, op Op) Op { return op }
func (l around) Analyse(a *Analysis)     { l.tell(a) }

func TestOneStepAtMostStreams(t *testing.T) {
	t.Parallel()
	nothing := func(*Analysis) {}
	asks := func(name string, layers ...Layer) *Step {
		return &Step{Name: name, Node: knows{tell: func(a *Analysis) { a.Model = true }}, Layers: layers}
	}
	whole := func(a *Analysis) { a.Whole = true }
	for name, c := range map[string]struct {
		step *Step
		want []string
	}{
		"alone":                     {asks("a"), []string{"a"}},
		"the last of several":       {seq("", asks("a"), seq("", asks("b"), seq("c", asks("d"), asks("e")))), []string{"c/e"}},
		"under a layer":             {asks("a", around{nothing}), []string{"a"}},
		"under one for the whole":   {asks("a", around{whole}), nil},
		"under a plugin":            {asks("a", around{func(a *Analysis) { a.HasPlugins = true }}), nil},
		"in a sequence with layers": {&Step{Name: "s", Node: &Sequence{Steps: []*Step{asks("a")}}, Layers: []Layer{around{nothing}}}, nil},
		"the last asks no model":    {seq("", asks("a"), named("b")), nil},
		"inside a step":             {&Step{Name: "b", Node: box{[]Child{{Step: asks("a")}}}}, nil},
		"nothing":                   {seq("s"), nil},
		"a mistake":                 {seq("", asks("a"), nil), nil},
		"no step":                   {nil, nil},
	} {
		_, sites, _ := Grow(c.step)
		var got []string
		for _, s := range sites {
			if s.Streams {
				got = append(got, s.Path)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v streams, want %v", name, got, c.want)
		}
	}
}
