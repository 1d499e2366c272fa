package weir_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/process"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/telemetry"
)

// either is a model that says which way it was asked.
type either struct{}

func (either) Generate(context.Context, *model.Request) (*model.Response, error) {
	return &model.Response{Text: "whole"}, nil
}

func (either) Stream(_ context.Context, _ *model.Request, take func(model.Chunk) error) (*model.Response, error) {
	return &model.Response{Text: "streamed"}, take(model.Chunk{Text: "streamed"})
}

func echo(_ context.Context, in string) (string, error) { return in, nil }

func TestOnlyTheLastStepOfTheOutermostSequenceStreams(t *testing.T) {
	t.Parallel()
	ask, pass := writer(either{}), weir.Func("pass", echo)
	never := func(string) bool { return false }
	always := func(context.Context, string) (bool, error) { return true, nil }
	first := weir.Func("first", func(_ context.Context, in []string) (string, error) { return in[0], nil })
	one := weir.Func("one", func(_ context.Context, in string) ([]string, error) { return []string{in}, nil })
	exclaim := process.Output(func(_ context.Context, in string) (string, error) { return in, nil })
	shout := process.Prompt(func(_ context.Context, in string) (string, error) { return in, nil })
	for name, c := range map[string]struct {
		step weir.Step[string, string]
		want string
	}{
		"alone":                         {ask, "streamed"},
		"last":                          {weir.Then(pass, ask), "streamed"},
		"last of a named chain":         {weir.Chain("main", pass, ask), "streamed"},
		"last of a chain in a sequence": {weir.Then(pass, weir.Chain("end", pass.Named("other"), ask)), "streamed"},
		"under retry and timeout":       {ask.With(retry.UpTo(3), timeout.After(1e9)), "streamed"},
		"behind prompt processors":      {ask.With(shout), "streamed"},

		"not last":                   {weir.Then(ask, pass), "whole"},
		"with its own say":           {agent.New[string]("write", agent.Spec[string]{Model: either{}, NoStream: true}), "whole"},
		"before output processors":   {ask.With(exclaim), "whole"},
		"in a chain that has layers": {weir.Chain("main", pass, ask).With(retry.UpTo(2)), "whole"},
		"in parallel":                {weir.Then(parallel.All("both", ask), first), "whole"},
		"in a map":                   {weir.Then(one, weir.Then(each.Item("every", ask), first)), "whole"},
		"in a parallel that is last": {parallel.Join2("both", ask, pass, func(_ context.Context, a, _ string) (string, error) { return a, nil }), "whole"},
		"in a loop":                  {loop.Until("loop", 1, never, ask, loop.OnMax(loop.Continue)), "whole"},
		"in a conditional":           {conditional.If("if", always, ask, pass), "whole"},
		"in a fallback":              {fallback.To(ask, pass), "whole"},
	} {
		for _, drop := range [][]string{nil, {"all"}} {
			p, err := weir.Compile(c.step, &weir.Config{Without: drop})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			run, told := p.Stream(t.Context(), "hi"), ""
			for e := range run.Events() {
				told += e.Text
			}
			r, err := run.Result()
			if err != nil || r.Output != c.want || (told == "streamed") != (c.want == "streamed") {
				t.Errorf("%s, without %v: told %q, output %q, %v; want %q", name, drop, told, r.Output, err, c.want)
			}
		}
	}
}

// keeper is a recorder that keeps the text of events; it takes parts or not.
type keeper struct {
	chunks bool
	told   []string
}

func (k *keeper) Event(_ context.Context, e *telemetry.Event) {
	if e.Type == telemetry.AgentChunk {
		k.told = append(k.told, e.Text)
	}
}

func (k *keeper) Chunks() bool { return k.chunks }

// deaf takes every event and does not know of parts.
type deaf struct{ keeper }

func (*deaf) Chunks() {} // another method of that name

func TestARunStreamsOnlyForThoseWhoTakeParts(t *testing.T) {
	t.Parallel()
	takes, refuses, unaware := &keeper{chunks: true}, &keeper{}, &deaf{}
	for name, c := range map[string]struct {
		recorder telemetry.Recorder
		want     string
	}{
		"nobody": {nil, "whole"}, "takes them": {takes, "streamed"}, "refuses them": {refuses, "whole"}, "does not know of them": {unaware, "whole"},
	} {
		p, err := weir.Compile(writer(either{}), &weir.Config{Telemetry: c.recorder})
		if err != nil {
			t.Fatal(err)
		}
		if out, err := p.Run(t.Context(), "hi"); err != nil || out != c.want {
			t.Errorf("%s: Run gives %q, %v; want %q", name, out, err, c.want)
		}
		if r, err := p.Execute(t.Context(), "hi"); err != nil || r.Output != c.want {
			t.Errorf("%s: Execute gives %q, %v; want %q", name, r.Output, err, c.want)
		}
		if r, err := p.Stream(t.Context(), "hi").Result(); err != nil || r.Output != c.want {
			t.Errorf("%s: a stream that nobody ranges over gives %q, %v; want %q", name, r.Output, err, c.want)
		}
		run := p.Stream(t.Context(), "hi")
		for range run.Events() {
		}
		if r, err := run.Result(); err != nil || r.Output != "streamed" {
			t.Errorf("%s: Stream gives %q, %v", name, r.Output, err)
		}
	}
	if len(takes.told) != 4 || len(refuses.told)+len(unaware.told) > 0 {
		t.Errorf("parts that were told: %q, %q, %q; want some for the first only", takes.told, refuses.told, unaware.told)
	}
}

func TestARunThatWasStartedBoundsWhatItKeepsOfAnAnswer(t *testing.T) {
	t.Parallel()
	const parts, size = 9, 1 << 20
	m := endless(func(_ context.Context, take func(model.Chunk) error) (*model.Response, error) {
		for range parts {
			if err := take(model.Chunk{Text: strings.Repeat("x", size)}); err != nil {
				return nil, err
			}
		}
		return &model.Response{Text: "done"}, nil
	})
	r, err := compile(t, writer(m)).Start(t.Context(), "hi")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	var types []string
	kept, missed := 0, 0
	for e := range r.Events() {
		types = append(types, string(e.Type))
		kept += len(e.Text)
		if e.Type == telemetry.EventsDropped {
			missed = e.Done
		}
	}
	// Two events stand before the parts.
	if kept != 4*size || missed != 2+parts-4 || types[0] != "events.dropped" || types[len(types)-1] != "run.completed" {
		t.Errorf("%d bytes kept, %d events missed: %v", kept, missed, types)
	}
}

func TestAnAnswerWithoutAnEndIsStopped(t *testing.T) {
	t.Parallel()
	m := endless(func(_ context.Context, take func(model.Chunk) error) (*model.Response, error) {
		for text := strings.Repeat("x", 1<<20); ; {
			if err := take(model.Chunk{Text: text}); err != nil {
				return nil, err
			}
		}
	})
	told, _, err := streamed(t, writer(m))
	if plan.ClassOf(err) != plan.ClassInvalidOutput || len(told) != model.MaxResponse>>20 {
		t.Errorf("%d parts, err = %v", len(told), err)
	}
}

// replayed is a step that asks for its parts before and after it was found in an earlier part of the run.
type replayed struct{}

func (replayed) Kind() string             { return "replayed" }
func (replayed) Children() []plan.Child   { return nil }
func (replayed) Analyse(a *plan.Analysis) { a.Model = true }
func (replayed) Build(b *plan.Builder) plan.Op {
	site := b.Site()
	return func(_ context.Context, f plan.Frame, _ any) (any, error) {
		if f.Chunks(site) == nil {
			return nil, errors.New("the step does not stream before it is replayed")
		}
		f.Restore(site, plan.Facts{Attempts: 1})
		if f.Chunks(site) != nil {
			return nil, errors.New("a step that is replayed tells its parts again")
		}
		return "ok", nil
	}
}

func TestAStepThatIsReplayedTellsNothing(t *testing.T) {
	t.Parallel()
	told, r, err := streamed(t, weir.Make[string, string]("again", replayed{}))
	if err != nil || len(told) != 0 || r.Output != "ok" {
		t.Errorf("parts %q, output %q, %v", told, r.Output, err)
	}
}
