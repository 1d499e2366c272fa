package plan

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// leaf is a node without children; box one that owns some, which run by number when it is rounds.
type leaf struct{}

func (leaf) Kind() string      { return "leaf" }
func (leaf) Children() []Child { return nil }
func (leaf) Build(*Builder) Op {
	return func(_ context.Context, _ Frame, in any) (any, error) { return in, nil }
}

type box struct{ kids []Child }

func (b box) Kind() string      { return "box" }
func (b box) Children() []Child { return b.kids }
func (b box) Build(*Builder) Op { return leaf{}.Build(nil) }

type rounds1 struct{ box }

func (rounds1) Indexed() {}

func named(name string) *Step { return &Step{Name: name, Node: leaf{}} }

func seq(name string, steps ...*Step) *Step {
	return &Step{Name: name, Node: &Sequence{Steps: steps}}
}

func paths(sites []*Site) []string {
	var list []string
	for _, s := range sites {
		list = append(list, s.Path)
	}
	return list
}

func TestPathsAreSegmentsOfNamesAndLabels(t *testing.T) {
	t.Parallel()
	s := seq("",
		named("read"),
		&Step{Name: "route", Node: box{[]Child{
			{Label: "a", Step: named("one")},                    // a label and another name: both
			{Label: "two", Step: named("two")},                  // the same: once
			{Label: "c", Step: seq("", named("x"), named("y"))}, // no name: the label
			{Step: named("four")},
		}}},
		seq("chain", named("x")),
	)
	_, sites, errs := Grow(s)
	want := []string{"read", "route", "route/a", "route/a/one", "route/two", "route/c", "route/c/x", "route/c/y", "route/four", "chain", "chain/x"}
	if got := paths(sites); len(errs) > 0 || !slices.Equal(got, want) {
		t.Errorf("errors %v\ngot  %v\nwant %v", errs, got, want)
	}
	for i, site := range sites {
		if site.Index != i || site.End <= i || site.End > len(sites) {
			t.Errorf("%s has number %d and end %d at place %d", site.Path, site.Index, site.End, i)
		}
	}
	if sites[1].End != 9 || !sites[2].Derived || sites[0].Derived {
		t.Errorf("route ends at %d; the label's scope is derived: %v", sites[1].End, sites[2].Derived)
	}
}

func TestRenderPutsRoundNumbersBehindTheStepThatCounts(t *testing.T) {
	t.Parallel()
	inner := &Step{Name: "polish", Node: rounds1{box{[]Child{{Step: named("score")}}}}}
	outer := seq("draft", &Step{Name: "each", Node: rounds1{box{[]Child{{Step: inner}}}}})
	_, sites, errs := Grow(outer)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	score := sites[len(sites)-1]
	for _, c := range []struct {
		rounds []int32
		want   string
	}{
		{[]int32{4, 2}, "draft/each[4]/polish[2]/score"},
		{[]int32{4}, "draft/each[4]/polish/score"},
		{nil, "draft/each/polish/score"},
	} {
		if got := score.Render(c.rounds); got != c.want {
			t.Errorf("rounds %v give %s, want %s", c.rounds, got, c.want)
		}
	}
	if got := sites[0].Render([]int32{1, 2}); got != "draft" {
		t.Errorf("a step outside every round renders as %s", got)
	}
}

func TestEveryMistakeIsReportedWithItsPlace(t *testing.T) {
	t.Parallel()
	s := seq("main", named("a"), named("a"), nil, &Step{Name: "x[1]", Node: leaf{}}, &Step{Name: "l", Node: leaf{}, Layers: []Layer{nil}, Source: "p.yaml:3:1"})
	_, _, errs := Grow(s)
	var text strings.Builder
	for _, e := range errs {
		text.WriteString(e.Error() + "\n")
	}
	for _, want := range []string{"main/a: two steps", "main: the step is empty", "main/x[1]: a name may not", "p.yaml:3:1: main/l: a layer is nil"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, text.String())
		}
	}
}

func TestAStepValueMayStandAtSeveralPlaces(t *testing.T) {
	t.Parallel()
	same := named("same")
	_, sites, errs := Grow(seq("", seq("a", same), seq("b", same)))
	if got := paths(sites); len(errs) > 0 || !slices.Equal(got, []string{"a", "a/same", "b", "b/same"}) {
		t.Errorf("%v %v", got, errs)
	}
}

func TestRecordsOfSeveralStrandsAddUp(t *testing.T) {
	t.Parallel()
	var sum Record
	sum.Add(&Record{})
	if sum.Status != NotRun {
		t.Error("a strand that did not run counted")
	}
	sum.Add(&Record{Start: 20, Busy: 5, Count: 2, Status: Completed})
	sum.Add(&Record{Start: 10, Busy: 7, Count: 1, Failures: 1, Retries: 3, Status: Failed})
	sum.Add(&Record{Start: 30, Busy: 1, Count: 1, Status: Completed})
	want := Record{Start: 10, Busy: 13, Count: 4, Failures: 1, Retries: 3, Status: Failed}
	if sum != want {
		t.Errorf("got %+v, want %+v", sum, want)
	}
}

// numbered is a kind that runs its child by number.
type numbered struct{ Sequence }

func (*numbered) Kind() string { return "numbered" }
func (*numbered) Indexed()     {}

func TestRoundsAreShownAtTheStepThatHasThemAndNotAtItsLabel(t *testing.T) {
	t.Parallel()
	leaf := &Step{Name: "leaf", Node: &Sequence{}}
	rounds := &Step{Name: "rounds", Node: &numbered{Sequence{Steps: []*Step{leaf}}}}
	labelled := &Step{Name: "outer", Node: label{"true", rounds}}
	_, sites, errs := Grow(labelled)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if got, want := sites[len(sites)-1].Render([]int32{3}), "outer/true/rounds[3]/leaf"; got != want {
		t.Errorf("path %q, want %q", got, want)
	}
}

// label is a kind with one child under a label.
type label struct {
	name string
	step *Step
}

func (label) Kind() string        { return "label" }
func (l label) Children() []Child { return []Child{{Label: l.name, Step: l.step}} }
func (label) Build(*Builder) Op   { return nil }

func TestAStatusDoesNotDependOnWhichStrandRanWhat(t *testing.T) {
	t.Parallel()
	failed, fine := Record{Count: 1, Failures: 1, Status: Failed}, Record{Count: 1, Status: Completed}
	both := Record{Count: 2, Failures: 1, Status: Completed} // a strand that failed first and then did not
	for _, strands := range [][]Record{{failed, fine}, {fine, failed}, {both}} {
		var sum Record
		for i := range strands {
			sum.Add(&strands[i])
		}
		if sum.Status != Failed || sum.Count != 2 || sum.Failures != 1 {
			t.Errorf("%+v give %+v", strands, sum)
		}
	}
	sum := Record{Count: 1, Status: Canceled}
	if sum.Add(&fine); sum.Status != Canceled {
		t.Errorf("the status is %v", sum.Status)
	}
}
