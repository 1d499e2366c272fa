package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
)

// asked says where the model is: at a new server, which gives these answers. It sets the environment, so that tests which call
// it are not parallel.
func asked(t *testing.T, answers ...modeltest.Answer) *modeltest.Server {
	t.Helper()
	server := modeltest.NewOpenAI(t).Next(answers...)
	t.Setenv("OPENAI_BASE_URL", server.URL)
	t.Setenv("OPENAI_API_KEY", modeltest.Key)
	return server
}

func TestJSONShowsAnAnswerWhileItIsMade(t *testing.T) {
	asked(t, modeltest.Answer{Text: "yes it is"})
	got := weirRuns(t, "", "run", file(t, "ask.yaml", asking), "--json", "--input-json", `"Is it?"`)
	var told []string
	list := lines(t, got.out)
	for _, e := range list {
		if e["type"] == "agent.chunk" {
			told = append(told, e["path"].(string)+":"+e["text"].(string))
		}
	}
	if s := strings.Join(told, "|"); s != "ask:yes |ask:it |ask:is" || list[len(list)-1]["output"] != "yes it is" {
		t.Errorf("parts %s in\n%s", s, got.out)
	}
}

// gate cancels a run when something was written.
type gate struct {
	io.Writer
	cancel context.CancelFunc
}

func (g gate) Write(p []byte) (int, error) {
	defer g.cancel()
	return g.Writer.Write(p)
}

func TestQuietPrintsAnAnswerWhileItIsMade(t *testing.T) {
	asked(t, modeltest.Answer{Parts: []string{"begun ", "never told"}, Fault: modeltest.Silent}) // the model stops after the first part
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, errs bytes.Buffer
	code := execute(ctx, []string{"run", file(t, "ask.yaml", asking), "-q", "--input-json", `"Is it?"`}, terminal{out: gate{&out, cancel}, err: &errs})
	if code != exitInterrupted || out.String() != "begun \n" || !strings.Contains(errs.String(), "canceled") {
		t.Errorf("code %d, %q, %q", code, out.String(), errs.String())
	}
}

func TestAnAnswerIsPrintedOnce(t *testing.T) {
	for flag, live := range map[string]bool{"-q": true, "--max-tokens=100": false} {
		server := asked(t, modeltest.Answer{Text: "yes it is"})
		got := weirRuns(t, "", "run", file(t, "ask.yaml", asking), flag, "--input-json", `"Is it?"`)
		if got.code != 0 || got.out != "yes it is\n" || (server.Requests()[0].Body["stream"] == true) != live {
			t.Errorf("%s: %+v", flag, got)
		}
	}
}

func TestASwitchInTheBlueprintAsksForTheWholeAnswer(t *testing.T) {
	server := asked(t, modeltest.Answer{Text: "yes it is"})
	whole := strings.Replace(asking, "system_prompt:", "stream: false, system_prompt:", 1)
	got := weirRuns(t, "", "run", file(t, "ask.yaml", whole), "-q", "--input-json", `"Is it?"`)
	if got.out != "yes it is\n" || server.Requests()[0].Body["stream"] != nil {
		t.Errorf("%+v", got)
	}
}

func TestAStructuredAnswerIsPrintedAtTheEnd(t *testing.T) {
	server := asked(t, modeltest.Answer{Parts: []string{`{"b":1,`, `"a":2}`}})
	structured := strings.Replace(asking, "system_prompt:", "output_schema: {type: object}, system_prompt:", 1)
	got := weirRuns(t, "", "run", file(t, "ask.yaml", structured), "-q", "--input-json", `"Is it?"`)
	if got.out != "{\n  \"a\": 2,\n  \"b\": 1\n}\n" || server.Requests()[0].Body["stream"] != nil {
		t.Errorf("%+v", got)
	}
}

// shownBy runs a step that asks a model under a view and gives what was printed.
func shownBy(t *testing.T, v view, m model.Model) {
	t.Helper()
	step := weir.Dynamic(agent.Dynamic("ask", agent.DynamicSpec{Model: m}))
	p, err := weir.Compile(step, &weir.Config{Telemetry: v})
	if err != nil {
		t.Fatal(err)
	}
	v.begin(p.Program())
	r, err := p.Execute(t.Context(), "hi")
	if ferr := v.finish(r, err); ferr != nil {
		t.Error(ferr)
	}
}

func TestTheTreeStandsStillWhileTheAnswerIsPrintedBelowIt(t *testing.T) {
	t.Parallel()
	var screen bytes.Buffer // one terminal for both
	v := newLiveView(terminal{out: &screen, err: &screen})
	v.live, v.colour = true, false
	shownBy(t, v, redrawing{v})
	got := screen.String()
	_, after, ok := strings.Cut(got, "\n\none two\n\n✓ ask")
	if !ok || strings.Count(got, "one two") != 1 || !strings.Contains(got, "● ask") || strings.Contains(after, "\x1b[") || !strings.Contains(after, "completed in") {
		t.Errorf("%q", got)
	}
}

// redrawing is a model that has the picture drawn between the parts of its answer, as the view's clock would.
type redrawing struct{ v *liveView }

func (redrawing) Generate(context.Context, *model.Request) (*model.Response, error) {
	return &model.Response{Text: "not streamed"}, nil
}

func (m redrawing) Stream(_ context.Context, _ *model.Request, take func(model.Chunk) error) (*model.Response, error) {
	for _, part := range []string{"one ", "two"} {
		if err := take(model.Chunk{Text: part}); err != nil {
			return nil, err
		}
		m.v.draw(false)
	}
	return &model.Response{Text: "one two"}, nil
}

func TestALogBesideATerminalLeavesTheAnswerAlone(t *testing.T) {
	t.Parallel()
	var out, log bytes.Buffer
	v := newLineView(terminal{out: &out, err: &log})
	v.live = true
	shownBy(t, v, modeltest.Replies(nil, modeltest.Reply{Parts: []string{"one ", "two\n"}}))
	if out.String() != "one two\n" || strings.Contains(log.String(), "two") || !strings.Contains(log.String(), "completed in") {
		t.Errorf("%q, %q", out.String(), log.String())
	}
}

func TestWhatWasPrintedIsCompletedAtTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		parts  []string
		output any
		failed bool
		want   string
	}{
		"the whole answer":      {[]string{"a ", "b"}, "a b", false, "a b\n"},
		"a line of its own":     {[]string{"a b\n"}, "a b\n", false, "a b\n"},
		"another answer":        {[]string{"prose"}, "better", false, "prose\nbetter\n"},
		"half of one":           {[]string{"half"}, nil, true, "half\n"},
		"one that was refused":  {[]string{"bad"}, "bad", true, "bad\n"},
		"nothing before":        {nil, "whole", false, "whole\n"},
		"nothing and a failure": {nil, "beside the error", true, ""},
	} {
		var b bytes.Buffer
		a := &answer{output: output{&b}, live: true}
		for _, p := range c.parts {
			a.part(p)
		}
		if err := a.finish(c.output, c.failed); err != nil || b.String() != c.want {
			t.Errorf("%s: %q, %v; want %q", name, b.String(), err, c.want)
		}
	}
	a := &answer{output: output{full{}}, live: true}
	a.part("text")
	if err := a.finish("text", false); err != io.ErrShortWrite {
		t.Errorf("a full disk: %v", err)
	}
	if a.expect(&plan.Program{}); a.Chunks() {
		t.Error("parts are wanted of a plan that tells none")
	}
}

func TestExplainNamesTheStepThatStreams(t *testing.T) {
	asked(t)
	two := file(t, "two.yaml", asking+"  - {name: again, uses: agents.writer}\n")
	if got := weirRuns(t, "", "explain", two); strings.Count(got.out, "streams its answer") != 1 {
		t.Errorf("%+v", got)
	}
	if got := weirRuns(t, "", "explain", two, "--json"); strings.Count(got.out, `"streams":true`) != 1 {
		t.Errorf("%+v", got)
	}
}

// full takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
