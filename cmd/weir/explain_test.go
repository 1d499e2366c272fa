package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/weirtest"
)

var _ = weirtest.Update()

func TestExplainSaysWhatAPipelineDoes(t *testing.T) {
	t.Parallel()
	pipelines, err := filepath.Glob("testdata/explain/*.yaml")
	if err != nil || len(pipelines) == 0 {
		t.Fatal("no pipelines", err)
	}
	for _, pipeline := range pipelines {
		t.Run(filepath.Base(pipeline), func(t *testing.T) {
			t.Parallel()
			got := weirRuns(t, "", "explain", pipeline)
			if got.code != exitDone || got.err != "" {
				t.Fatalf("%+v", got)
			}
			weirtest.Golden(t, got.out)
			for line := range strings.Lines(got.out) {
				if n := len([]rune(line)); n > defaultWidth+1 {
					t.Errorf("%d columns: %s", n, line)
				}
			}
		})
	}
}

func TestExplainInJSONHasTheSameFacts(t *testing.T) {
	t.Parallel()
	got := weirRuns(t, "", "explain", "testdata/explain/layers.yaml", "--json")
	var e explanation
	if err := json.Unmarshal([]byte(got.out), &e); err != nil || got.code != exitDone {
		t.Fatal(err, got.err)
	}
	page := &page{width: defaultWidth}
	for i := range e.Steps { // the one thing that JSON says by the path
		e.Steps[i].depth = strings.Count(e.Steps[i].Path, "/")
	}
	e.write(page)
	if text := weirRuns(t, "", "explain", "testdata/explain/layers.yaml").out; page.b.String() != text {
		t.Errorf("from JSON:\n%s\nas text:\n%s", page.b.String(), text)
	}
}

func TestAPageIsWrappedToItsWidthAndColouredOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	p := &page{width: 20, colour: true}
	p.text(0, "a", 3, "one two three four five six seven averyverylongwordthatfitsnowhere x")
	want := "\x1b[2ma\x1b[0m  one two three four five six\n   seven\n   averyverylongwordthatfitsnowhere\n   x\n"
	if got := p.b.String(); got != want {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
	if got := weirRuns(t, "", "explain", "testdata/explain/kinds.yaml"); strings.Contains(got.out, "\x1b") {
		t.Error("colour without a terminal")
	}
}

func TestTheSummarySaysWhereARunWaitsAndWhoIsAsked(t *testing.T) {
	t.Parallel()
	s := &summary{Models: map[string][]string{}}
	s.add(&plan.Site{Path: "approve", Analysis: plan.Analysis{Waits: true}}, nil)
	s.add(&plan.Site{Path: "draft", Analysis: plan.Analysis{Model: true}}, []plan.Effect{{Verb: plan.Asks, What: "local:small"}})
	s.add(&plan.Site{Path: "route", Analysis: plan.Analysis{Model: true}}, []plan.Effect{{Verb: plan.Writes, What: "a.md"}, {Verb: plan.Writes, What: "a.md"}})
	s.add(&plan.Site{Path: "branch", Derived: true, Analysis: plan.Analysis{Waits: true, Model: true}}, nil)
	e := &explanation{Hash: "0123456789abcdef", Summary: *s}
	page := &page{width: defaultWidth}
	e.writeSummary(page)
	for _, part := range []string{"for a person, at approve\n", "a model (in route), local:small (in draft)\n", "writes     a.md\n"} {
		if !strings.Contains(page.b.String(), part) {
			t.Errorf("%q is missing in\n%s", part, page.b.String())
		}
	}
}
