package plan

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"
)

// worded is a node and a layer that says something, or nothing.
type worded struct{ name, text string }

func (w worded) Kind() string             { return w.name }
func (w worded) Name() string             { return w.name }
func (w worded) Children() []Child        { return nil }
func (w worded) Explain() string          { return w.text }
func (w worded) Wrap(_ *Builder, n Op) Op { return n }
func (w worded) Effects() []Effect        { return []Effect{{Writes, w.name}} }
func (w worded) Build(*Builder) Op {
	return func(_ context.Context, _ Frame, in any) (any, error) { return in, nil }
}

// silent is a layer that says nothing of itself.
type silent struct{ name string }

func (s silent) Name() string             { return s.name }
func (s silent) Wrap(_ *Builder, n Op) Op { return n }

// adding is a pass that puts layers round every step.
type adding []Layer

func (adding) Name() string { return "adding" }

func (a adding) Rewrite(t *Tree) *Tree {
	c := *t
	c.Children = nil
	for _, child := range t.Children {
		c.Children = append(c.Children, a.Rewrite(child))
	}
	if _, ok := t.Step.Node.(*Sequence); !ok {
		s := *t.Step
		s.Layers = append(append([]Layer{a[0]}, s.Layers...), a[1:]...)
		c.Step = &s
	}
	return &c
}

func TestASiteSaysWhatItsStepAndTheLayersRoundItDo(t *testing.T) {
	t.Parallel()
	step := &Step{Name: "work", Node: worded{"kind", "works"}, Layers: []Layer{worded{"hidden", ""}, worded{"limit", "lets 2 work"}, silent{"own"}}}
	p, err := Build(step, Options{Passes: []Pass{adding{worded{"retry", "tries twice"}, worded{"limit", "shares permits"}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := p.Sites[0]
	if s.Explain() != "works" {
		t.Errorf("explains as %q", s.Explain())
	}
	want := []Around{{"retry", "tries twice", true}, {"limit", "lets 2 work", false}, {"own", "own", false}, {"limit", "shares permits", true}}
	if got := s.Around(); !reflect.DeepEqual(got, want) {
		t.Errorf("around it:\n%v, want\n%v", got, want)
	}
	touched := []Effect{{Writes, "kind"}, {Writes, "retry"}, {Writes, "hidden"}, {Writes, "limit"}, {Writes, "limit"}}
	if got := s.Effects(); !reflect.DeepEqual(got, touched) {
		t.Errorf("touches %v, want %v", got, touched)
	}
}

func TestASiteThatNobodyGrewSaysItsKind(t *testing.T) {
	t.Parallel()
	s := &Site{Kind: "func"}
	if s.Explain() != "func" || s.Around() != nil || s.Effects() != nil {
		t.Error(s.Explain(), s.Around(), s.Effects())
	}
}

func TestALabelRoundAStepIsASequenceOfOne(t *testing.T) {
	t.Parallel()
	inner := &Step{Name: "inner", Node: worded{"kind", "works"}, Layers: []Layer{worded{"limit", "lets 2 work"}}}
	p, err := Build(&Step{Name: "outer", Node: labelled{inner}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	label := p.Sites[1]
	if label.Segment != "label" || label.Explain() != "runs the step below" || label.Around() != nil || label.Effects() != nil {
		t.Error(label.Segment, label.Explain(), label.Around(), label.Effects())
	}
}

// labelled is a kind with one child under a label.
type labelled struct{ step *Step }

func (labelled) Kind() string        { return "labelled" }
func (l labelled) Children() []Child { return []Child{{Label: "label", Step: l.step}} }
func (labelled) Build(b *Builder) Op { return within(b.Child(0)) }

func TestValuesAreWrittenOnOneLineForPeople(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		`"a b"`:                             "a\n  b",
		`"a�b"`:                             "a\u202eb",
		"null":                              nil,
		"3":                                 3,
		`{a: [1, b.c, "d e", null], b: ""}`: map[string]any{"b": "", "a": []any{1, "b.c", "d e", nil}},
	} {
		if got := Excerpt(v); got != want {
			t.Errorf("%#v is written as %s, want %s", v, got, want)
		}
	}
	if got := Ticked(strings.Repeat("x", 1000)); len([]rune(got)) != excerptLen+2 || !strings.HasSuffix(got, "…`") {
		t.Errorf("a long expression has %d characters: %s", len([]rune(got)), got)
	}
	if got := Enumerate("a", "b", "c") + "|" + Enumerate("a") + "|" + Enumerate(); got != "a, b and c|a|" {
		t.Error(got)
	}
	if got := Count(1, "round") + " " + Count(2, "round"); got != "1 round 2 rounds" {
		t.Error(got)
	}
}

func TestTimesAreWrittenForPeople(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]time.Duration{
		"0 s": 0, "7 ns": 7, "1.5 µs": 1500, "500 ms": 500 * time.Millisecond, "1 s": time.Second, "1.5 s": 1500 * time.Millisecond,
		"2 min": 2 * time.Minute, "1 h 30 min": 90 * time.Minute, "1 min 5 s": 65 * time.Second, "-1 s": -time.Second,
		"-2562047 h 47 min 16 s": -1 << 63, "48 h": 48 * time.Hour,
	} {
		if got := Span(d); got != want {
			t.Errorf("%d is written as %s, want %s", d, got, want)
		}
	}
}
