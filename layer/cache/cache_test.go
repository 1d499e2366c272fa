package cache_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirflow/weir"
	backends "github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/layer/cache"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
)

func TestTheLayerPassesTheSuite(t *testing.T) {
	t.Parallel()
	layertest.Passes(t, t.Context(), cache.For(time.Hour), "in", "out")
}

func TestB132_TheSecondTimeTheResultIsFoundAndNotChargedAgain(t *testing.T) {
	t.Parallel()
	step, calls := counted("shout", shout)
	meter := &usage.Totals{}
	p := compile(t, step.With(cache.For(time.Hour)), &weir.Config{Meter: meter})
	first, second := execute(t, p, "a"), execute(t, p, "a")
	if first.Output != "A" || second.Output != "A" || calls.Load() != 1 {
		t.Errorf("outputs %q and %q after %d calls", first.Output, second.Output, calls.Load())
	}
	if note(t, first, "shout", "cache_hit") != false || note(t, second, "shout", "cache_hit") != true {
		t.Errorf("cache_hit is %v, then %v", note(t, first, "shout", "cache_hit"), note(t, second, "shout", "cache_hit"))
	}
	if first.Usage.Requests != 1 || !second.Usage.IsZero() || meter.Total().Requests != 1 {
		t.Errorf("used %v, then %v, in all %v", first.Usage, second.Usage, meter.Total())
	}
	if got := note(t, second, "shout", "cached_usage"); !reflect.DeepEqual(got, map[string]int64{"requests": 1, "output_tokens": 3}) {
		t.Errorf("cached_usage is %v", got)
	}
	if other := execute(t, p, "b"); other.Output != "B" || calls.Load() != 2 {
		t.Errorf("another input gives %q after %d calls", other.Output, calls.Load())
	}
}

func TestB133_TheRunAndTheOrderOfMapsDoNotMatterTheModelDoes(t *testing.T) {
	t.Parallel()
	shared, err := backends.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	key := state.NewKey[string]("user")
	of := func(m *named, system string) *weir.Plan[map[string]any, string] {
		ask := agent.New[string]("ask", agent.Spec[map[string]any]{Model: m, System: system})
		return compile(t, ask.With(cache.For(time.Hour, cache.In(shared))), nil)
	}
	small, large := &named{name: "small"}, &named{name: "large"}
	execute(t, of(small, "be brief"), map[string]any{"a": 1, "b": "x"}, weir.ID("one"), weir.State(key.With("ada")))
	r := execute(t, of(small, "be brief"), map[string]any{"b": "x", "a": 1.0, "operation_count": 7}, weir.ID("two"), weir.State(key.With("bob")))
	if small.calls.Load() != 1 || r.Output != "I am small" || note(t, r, "ask", "cache_hit") != true || note(t, r, "ask", "model") != nil {
		t.Errorf("another run: %d calls, output %q", small.calls.Load(), r.Output)
	}
	if r := execute(t, of(large, "be brief"), map[string]any{"a": 1, "b": "x"}); r.Output != "I am large" {
		t.Errorf("another model: %q", r.Output)
	}
	execute(t, of(small, "be long"), map[string]any{"a": 1, "b": "x"})
	execute(t, of(small, "be brief"), map[string]any{"a": 2, "b": "x"})
	if small.calls.Load() != 3 {
		t.Errorf("another prompt and another input: %d calls, want 3", small.calls.Load())
	}
}

func TestB134_FailuresAreNotKept(t *testing.T) {
	t.Parallel()
	fails, calls := counted("fails", func(string) (string, error) { return "half", errBoom })
	checked, judged := counted("checked", shout)
	refused := checked.With(cache.For(0), validate.With("never", func(string) error { return errBoom }))
	for range 2 {
		if _, err := compile(t, fails.With(cache.For(0)), nil).Run(t.Context(), "a"); !errors.Is(err, errBoom) {
			t.Errorf("error %v", err)
		}
	}
	p, q := compile(t, fails.With(cache.For(0)), nil), compile(t, refused, nil)
	for range 2 {
		_, err := p.Run(t.Context(), "a")
		_, refusal := q.Run(t.Context(), "a")
		if !errors.Is(err, errBoom) || !errors.Is(refusal, errBoom) {
			t.Errorf("errors %v and %v", err, refusal)
		}
	}
	if calls.Load() != 4 || judged.Load() != 2 {
		t.Errorf("%d calls and %d of the checked step, want 4 and 2", calls.Load(), judged.Load())
	}
}

func TestB068_AResultOfAFallbackIsKeptWithItsNotes(t *testing.T) {
	t.Parallel()
	primary, first := counted("primary", func(string) (string, error) { return "", errBoom })
	alternate, second := counted("alternate", shout)
	p := compile(t, fallback.To(primary, alternate).With(cache.For(time.Hour)), nil)
	if out, err := p.Run(t.Context(), "a"); out != "A" || err != nil { // nobody asks for the notes of this run
		t.Fatal(out, err)
	}
	r := execute(t, p, "a")
	if r.Output != "A" || first.Load() != 1 || second.Load() != 1 {
		t.Errorf("output %q after %d and %d calls", r.Output, first.Load(), second.Load())
	}
	s, _ := r.Step("primary")
	for key, want := range map[string]any{"cache_hit": true, "fallback_triggered": true, "ran": "alternate", "attempts": 2} {
		if got := s.Note(key); got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	if got := s.Note("cached_usage"); !reflect.DeepEqual(got, map[string]int64{"requests": 2, "output_tokens": 6}) || !r.Usage.IsZero() {
		t.Errorf("cached_usage is %v, and %v is charged", got, r.Usage)
	}
}

func TestNotesOfAnAttemptAreKept(t *testing.T) {
	t.Parallel()
	primary, _ := counted("primary", func(string) (string, error) { return "", errBoom })
	alternate, _ := counted("alternate", shout)
	p := compile(t, fallback.To(primary, alternate).With(cache.For(time.Hour), retry.UpTo(2)), nil)
	execute(t, p, "a")
	if r := execute(t, p, "a"); note(t, r, "primary", "fallback_triggered") != true {
		t.Error("the note of a step inside a retry is lost")
	}
}

func TestB116_NothingIsKeptInsideALoop(t *testing.T) {
	t.Parallel()
	body, calls := counted("body", func(n int) (int, error) { return n, nil })
	inner := weir.Chain("inner", body.With(cache.For(time.Hour))).With(cache.For(time.Hour))
	p := compile(t, loop.Times("rounds", 3, inner).With(cache.For(time.Hour)), nil)
	for want := int64(3); want <= 6; want += 3 {
		execute(t, p, 7)
		if calls.Load() != want {
			t.Errorf("%d calls, want %d", calls.Load(), want)
		}
	}
	// The flags of the loop end with it: the same step beside it is kept.
	q := compile(t, weir.Then(loop.Times("rounds", 1, body), body.Named("after").With(cache.For(time.Hour))), nil)
	execute(t, q, 7)
	if r := execute(t, q, 7); note(t, r, "after", "cache_hit") != true {
		t.Error("the step beside the loop is not kept")
	}
}

func TestB137_WhatACallerDoesToAResultChangesNoLaterOne(t *testing.T) {
	t.Parallel()
	list, calls := counted("list", func(n int) ([]int, error) { return []int{n, n}, nil })
	spoil := weir.Func("spoil", func(_ context.Context, l []int) ([]int, error) { l[0] = 99; return l, nil })
	p := compile(t, weir.Then(list.With(cache.For(time.Hour)), spoil), nil)
	for range 3 {
		r := execute(t, p, 1)
		if !reflect.DeepEqual(r.Output, []int{99, 1}) {
			t.Fatalf("output %v", r.Output)
		}
		r.Output[1] = 77
	}
	if calls.Load() != 1 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestB138_ABackendThatFailsIsAWarning(t *testing.T) {
	t.Parallel()
	for want, b := range map[string]*backend{
		"could not be asked: down":         {get: errors.New("down")},
		"did not take the result: full":    {put: errors.New("full")},
		"could not be asked: panic: kaput": {getPanics: true},
	} {
		step, calls := counted("shout", shout)
		p := compile(t, step.With(cache.For(time.Minute, cache.In(b))), nil)
		for range 2 {
			r := execute(t, p, "a")
			warnings, _ := note(t, r, "shout", "warnings").([]string)
			if r.Output != "A" || len(warnings) == 0 || !strings.Contains(warnings[0], want) {
				t.Errorf("output %q, warnings %q; want one of %q", r.Output, warnings, want)
			}
		}
		if calls.Load() != 2 {
			t.Errorf("%s: %d calls", want, calls.Load())
		}
	}
}

func TestTheTimeGoesToTheBackend(t *testing.T) {
	t.Parallel()
	b := &backend{}
	for _, ttl := range []time.Duration{0, time.Minute, cache.Own} {
		step, _ := counted(ttl.String(), shout)
		execute(t, compile(t, step.With(cache.For(ttl, cache.In(b))), nil), "a")
	}
	if !reflect.DeepEqual(b.ttls, []time.Duration{0, time.Minute, backends.OwnTTL}) {
		t.Errorf("%v", b.ttls)
	}
}

func TestNilIsASuccessThatIsKept(t *testing.T) {
	t.Parallel()
	step, calls := counted("nothing", func(string) (any, error) { return nil, nil })
	p := compile(t, step.With(cache.For(time.Hour)), nil)
	for range 2 {
		if r := execute(t, p, "a"); r.Output != nil {
			t.Errorf("output %v", r.Output)
		}
	}
	if calls.Load() != 1 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestAResultThatCannotBeCopiedIsNotKept(t *testing.T) {
	t.Parallel()
	step, calls := counted("open", func(string) (chan int, error) { return make(chan int), nil })
	p := compile(t, step.With(cache.For(time.Hour)), nil)
	for range 2 {
		if r := execute(t, p, "a"); r.Output == nil || note(t, r, "open", "warnings") != nil {
			t.Errorf("output %v, warnings %v", r.Output, note(t, r, "open", "warnings"))
		}
	}
	if calls.Load() != 2 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestAnInputThatIsNoKeyIsAWarning(t *testing.T) {
	t.Parallel()
	step, calls := counted("call", func(f func() string) (string, error) { return f(), nil })
	p := compile(t, step.With(cache.For(time.Hour)), nil)
	for range 2 {
		r := execute(t, p, func() string { return "x" })
		warnings, _ := note(t, r, "call", "warnings").([]string)
		if r.Output != "x" || len(warnings) != 1 || !strings.Contains(warnings[0], "cache: there is no key for its input") {
			t.Errorf("output %q, warnings %q", r.Output, warnings)
		}
	}
	if calls.Load() != 2 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestAKeyOfOnesOwnStandsInPlaceOfTheInput(t *testing.T) {
	t.Parallel()
	type request struct {
		User, Text string
	}
	step, calls := counted("answer", func(r request) (string, error) { return shout(r.Text) })
	tone := state.NewKey[string]("tone")
	by := cache.Key(func(ctx context.Context, r request) (any, error) {
		switch r.Text {
		case "fails":
			return nil, errBoom
		case "panics":
			panic("kaput")
		}
		return []any{r.Text, tone.Get(ctx)}, nil
	})
	p := compile(t, step.With(cache.For(time.Hour, by)), nil)
	for i, c := range []struct {
		in    request
		tone  string
		calls int64
	}{
		{request{"ada", "hi"}, "dry", 1}, {request{"bob", "hi"}, "dry", 1}, {request{"ada", "hi"}, "warm", 2},
		{request{"ada", "fails"}, "dry", 3}, {request{"ada", "fails"}, "dry", 4}, {request{"ada", "panics"}, "dry", 5},
	} {
		execute(t, p, c.in, weir.State(tone.With(c.tone)))
		if calls.Load() != c.calls {
			t.Errorf("%d: %d calls, want %d", i, calls.Load(), c.calls)
		}
	}
}

func TestAnotherVersionForgets(t *testing.T) {
	t.Parallel()
	b := &backend{}
	step, calls := counted("shout", shout)
	for _, version := range []string{"1", "1", "2"} {
		execute(t, compile(t, step.With(cache.For(0, cache.In(b), cache.Version(version))), nil), "a")
	}
	if calls.Load() != 2 || len(b.held) != 2 {
		t.Errorf("%d calls, %d entries; want 2 and 2", calls.Load(), len(b.held))
	}
}

func TestTheLayersOfAStepAreInItsKeyAndLimitsAreNot(t *testing.T) {
	t.Parallel()
	b := &backend{}
	step, calls := counted("shout", shout)
	of := func(s weir.Step[string, string]) {
		execute(t, compile(t, s.With(cache.For(0, cache.In(b))), &weir.Config{Without: []string{"flatten"}}), "a")
	}
	of(step)
	of(step)
	of(step.With(retry.UpTo(3)))
	of(step.With(validate.With("has text", func(string) error { return nil })))
	if calls.Load() != 3 {
		t.Errorf("%d calls, want 3", calls.Load())
	}
	for key := range b.held {
		if !strings.HasPrefix(key, "shout:") || len(key) != len("shout:")+64 {
			t.Errorf("the key %s is not the name and a digest", key)
		}
	}
}

func TestAHitIsWrittenToTheStateLikeAResult(t *testing.T) {
	t.Parallel()
	got := state.NewKey[string]("got")
	step, _ := counted("shout", shout)
	p := compile(t, step.With(sink.To("got"), cache.For(time.Hour)), nil)
	for range 2 {
		r := execute(t, p, "a", weir.State(got.With("")))
		if text, _ := got.From(r.State); text != "A" {
			t.Errorf("the state holds %q", text)
		}
	}
}

func TestAResultOfAnotherTypeIsNoHit(t *testing.T) {
	t.Parallel()
	b := &backend{}
	step, calls := counted("shout", shout)
	p := compile(t, step.With(cache.For(0, cache.In(b))), nil)
	execute(t, p, "a")
	for key := range b.held {
		b.held[key] = backends.Entry{Output: 5}
	}
	r := execute(t, p, "a")
	if warnings, _ := note(t, r, "shout", "warnings").([]string); r.Output != "A" || calls.Load() != 2 || len(warnings) != 1 || !strings.Contains(warnings[0], "another type") {
		t.Errorf("output %q, %d calls, warnings %q", r.Output, calls.Load(), warnings)
	}
}

func TestWhatIsBelowCountsForTheUsageOfAKeptResult(t *testing.T) {
	t.Parallel()
	a, calls := counted("a", shout)
	b, _ := counted("b", shout)
	inner := weir.Then(a, b.With(cache.For(time.Hour))).Named("inner")
	p := compile(t, parallel.All("both", inner, weir.Func("c", func(_ context.Context, s string) (string, error) { return s, nil })).With(cache.For(time.Hour)), nil)
	execute(t, p, "x")
	r := execute(t, p, "x")
	if got := note(t, r, "both", "cached_usage"); calls.Load() != 1 || !reflect.DeepEqual(got, map[string]int64{"requests": 2, "output_tokens": 6}) {
		t.Errorf("%d calls, cached_usage %v", calls.Load(), got)
	}
	if len(r.Steps) != 1 || len(r.Steps[0].Steps()) != 0 {
		t.Error("steps below a hit were reached")
	}
}

func TestMistakesAreToldByCompile(t *testing.T) {
	t.Parallel()
	step, _ := counted("shout", shout)
	l := cache.For(-time.Second, cache.In(nil), cache.Key[int](nil), nil)
	_, err := weir.Compile(step.With(l), nil)
	for _, want := range []string{"cache.For(-1s)", "cache.In(nil)", "cache.Key(nil)"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want one that says %s", err, want)
		}
	}
}

func TestB012_TheCacheHasherAndCodecOfTheConfigAreUsed(t *testing.T) {
	t.Parallel()
	b, h := &backend{}, &hasher{}
	step, _ := counted("shout", shout)
	execute(t, compile(t, step.With(cache.For(time.Hour)), &weir.Config{Cache: b, Hasher: h}), "a")
	if n := h.digests.Load(); n < 2 || len(b.gets) != 1 || b.gets[0] != fmt.Sprintf("shout:digest%d", n) {
		t.Errorf("asked for %q after %d digests", b.gets, h.digests.Load())
	}
	c := &coder{}
	store := &store{}
	p := compile(t, step.With(cache.For(time.Hour)), &weir.Config{Cache: backends.Bytes{Store: store}, Codec: c})
	execute(t, p, "a")
	r := execute(t, p, "a")
	if c.encoded.Load() != 1 || c.decoded.Load() != 1 || r.Output != "A" || note(t, r, "shout", "cache_hit") != true {
		t.Errorf("%d encoded, %d decoded, output %q", c.encoded.Load(), c.decoded.Load(), r.Output)
	}
}

func TestTheCodecOfAPlanKnowsTheTypesOfItsSteps(t *testing.T) {
	t.Parallel()
	type summary struct{ Title string }
	step, calls := counted("sum", func(s string) (*summary, error) { return &summary{s}, nil })
	p := compile(t, weir.Chain("main", weir.Then(step.With(cache.For(time.Hour)), weir.Func("title", func(_ context.Context, s *summary) (string, error) { return s.Title, nil }))),
		&weir.Config{Cache: backends.Bytes{Store: &store{}}})
	for range 2 {
		if r := execute(t, p, "a"); r.Output != "a" || note(t, r, "main/sum", "warnings") != nil {
			t.Errorf("output %q, warnings %v", r.Output, note(t, r, "main/sum", "warnings"))
		}
	}
	if calls.Load() != 1 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestRunsOfOnePlanShareACacheAndPlansDoNot(t *testing.T) {
	t.Parallel()
	step, calls := counted("shout", shout)
	kept := step.With(cache.For(time.Hour))
	// The same step in two places of a plan has one result.
	p := compile(t, weir.Then(kept.Named("x"), weir.Func("low", func(_ context.Context, s string) (string, error) { return strings.ToLower(s), nil })), nil)
	execute(t, p, "a")
	execute(t, p, "a")
	execute(t, compile(t, kept.Named("x"), nil), "a")
	if calls.Load() != 2 {
		t.Errorf("%d calls, want 2", calls.Load())
	}
	q := compile(t, weir.Then(weir.Chain("one", kept), weir.Chain("two", weir.Func("low", func(_ context.Context, s string) (string, error) { return strings.ToLower(s), nil }), kept)), nil)
	if r := execute(t, q, "a"); calls.Load() != 3 || note(t, r, "two/shout", "cache_hit") != true {
		t.Errorf("two places: %d calls", calls.Load())
	}
}

// hasher numbers its digests.
type hasher struct{ digests atomic.Int64 }

func (h *hasher) Digest([]byte) string { return fmt.Sprintf("digest%d", h.digests.Add(1)) }

// asking is a kind that waits for a person.
type asking struct{ answers *atomic.Int64 }

func (asking) Kind() string             { return "asking" }
func (asking) Children() []plan.Child   { return nil }
func (asking) Analyse(a *plan.Analysis) { a.Waits = true }

func (k asking) Build(*plan.Builder) plan.Op {
	return func(context.Context, plan.Frame, any) (any, error) { return fmt.Sprint(k.answers.Add(1)), nil }
}

func TestNobodysAnswerIsKept(t *testing.T) {
	t.Parallel()
	ask := weir.Make[string, string]("ask", asking{new(atomic.Int64)})
	p := compile(t, ask.With(cache.For(time.Hour)), nil)
	q := compile(t, weir.Chain("group", ask).With(cache.For(time.Hour)), nil)
	for want := 1; want <= 3; want += 2 {
		first, second := execute(t, p, "a"), execute(t, q, "a")
		if first.Output != fmt.Sprint(want) || second.Output != fmt.Sprint(want+1) {
			t.Errorf("answers %s and %s, want %d and the next", first.Output, second.Output, want)
		}
	}
}

func TestHowLongAResultIsKeptIsNotInItsKey(t *testing.T) {
	t.Parallel()
	b := &backend{}
	step, calls := counted("shout", shout)
	for _, ttl := range []time.Duration{0, time.Hour} {
		execute(t, compile(t, step.With(cache.For(ttl, cache.In(b))), nil), "a")
	}
	if calls.Load() != 1 {
		t.Errorf("%d calls", calls.Load())
	}
}
