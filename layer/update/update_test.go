package update_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/update"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

var (
	known  = state.NewKey[int]("known")
	word   = state.NewKey[string]("word")
	config = state.NewKey[map[string]any]("cfg")
)

// merged executes a step that returns out under update.Context, in a run that declares the keys above.
func merged[O any](t *testing.T, out O, strict bool) (*weir.Result[O], error) {
	t.Helper()
	p, err := weir.Compile(weir.Func("work", func(context.Context, int) (O, error) { return out, nil }).With(update.Context(strict)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Execute(t.Context(), 1, weir.State(known.With(0), word.With("old"), config.With(map[string]any{"a": 0, "b": 2})))
}

// holds fails the test unless the state holds these values.
func holds[O any](t *testing.T, r *weir.Result[O], n int, w string) {
	t.Helper()
	gotN, _ := known.From(r.State)
	gotW, _ := word.From(r.State)
	if gotN != n || gotW != w {
		t.Errorf("known is %d and word %q, want %d and %q", gotN, gotW, n, w)
	}
}

type object = map[string]any

func TestB038_KnownKeysAreWrittenAndOthersLeftOutWithAWarning(t *testing.T) {
	t.Parallel()
	r, err := merged(t, object{"known": 1, "unknown": 2}, false)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, 1, "old")
	if _, set := r.State.Get("unknown"); set {
		t.Error("a key that nobody declared was written")
	}
	s, _ := r.Step("work")
	if w, _ := s.Note("warnings").([]string); len(w) != 1 || !strings.Contains(w[0], "unknown") {
		t.Errorf("warnings %q, want one that tells the key", w)
	}
}

func TestB038_AValueOfTheWrongTypeFailsTheStepAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	out := object{"known": "bad type", "word": "new"}
	r, err := merged(t, out, false)
	e, ok := errors.AsType[*weir.StepError](err)
	if !ok || e.Code != plan.CodeState || !strings.Contains(err.Error(), `"known"`) {
		t.Errorf("error %v, want one of the state that tells the key", err)
	}
	if te, ok := errors.AsType[*state.TypeError](err); !ok || te.Key != "known" {
		t.Errorf("cause %v, want the type error", te)
	}
	holds(t, r, 0, "old")
	if !reflect.DeepEqual(r.Output, out) {
		t.Errorf("output %v, want it kept", r.Output)
	}
}

func TestB039_MapsAreMergedLeafByLeaf(t *testing.T) {
	t.Parallel()
	r, err := merged(t, object{"cfg": object{"a": 1}}, false)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := config.From(r.State); !reflect.DeepEqual(got, object{"a": 1, "b": 2}) {
		t.Errorf("cfg is %v, want a: 1, b: 2", got)
	}
}

func TestStrictFailsTheStepOnAnUnknownKey(t *testing.T) {
	t.Parallel()
	r, err := merged(t, object{"known": 1, "unknown": 2}, true)
	if plan.CodeOf(err) != plan.CodeState || !strings.Contains(err.Error(), `"unknown"`) {
		t.Errorf("error %v, want one of the state that tells the key", err)
	}
	holds(t, r, 0, "old")
}

func TestTheScratchpadIsRefused(t *testing.T) {
	t.Parallel()
	r, err := merged(t, object{"known": 1, "scratchpad": object{}}, false)
	if !errors.Is(err, state.ErrScratchpad) {
		t.Errorf("error %v, want %v", err, state.ErrScratchpad)
	}
	holds(t, r, 0, "old")
}

type Base struct {
	Word string `json:"word"`
}

type tagged struct {
	*Base
	Number int `json:"known"`
	hidden int
	Skip   string `json:"-"`
}

type sparse struct {
	Known int    `json:"known,omitempty"`
	Word  string `json:"word,omitzero"`
}

type label string

func TestWhatCanBeMerged(t *testing.T) {
	t.Parallel()
	one := 1
	for _, c := range []struct {
		name string
		out  any
		n    int
		w    string
	}{
		{"a map of one type", map[string]int{"known": 1}, 1, "old"},
		{"a map with keys of a text type", map[label]any{"word": "new"}, 0, "new"},
		{"a struct, by its JSON names and those of what it embeds", tagged{&Base{"new"}, 1, 2, "x"}, 1, "new"},
		{"a struct that embeds a nil pointer", tagged{Number: 1}, 1, "old"},
		{"a pointer to a struct", &tagged{Number: 1}, 1, "old"},
		{"a struct with fields left out when empty", sparse{Word: "new"}, 0, "new"},
		{"a pointer to a map", &map[string]int{"known": 1}, 1, "old"},
		{"nothing of a nil pointer", (*tagged)(nil), 0, "old"},
		{"nothing of nil", nil, 0, "old"},
		{"nothing of a nil map", object(nil), 0, "old"},
		{"nothing of a map with other keys", map[int]any{1: 1}, 0, "old"},
		{"nothing of text", "known", 0, "old"},
		{"nothing of a list", []any{object{"known": 1}}, 0, "old"},
		{"nothing of a pointer to a number", &one, 0, "old"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := merged(t, c.out, true)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, r, c.n, c.w)
		})
	}
}

func TestAStructWhoseTypeIsKnownAtCompileIsMergedAlike(t *testing.T) {
	t.Parallel()
	r, err := merged(t, tagged{&Base{"new"}, 1, 2, "x"}, true)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, 1, "new")
	p, err := merged(t, &sparse{Known: 3}, true)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, p, 3, "old")
}

func TestAFailedStepMergesNothing(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) { return object{"known": 1}, boom }, update.Context(true)))
	// There is no state here: to merge would be another error.
	if out, err := op(t.Context(), &layertest.Frame{}, nil); err != boom || !reflect.DeepEqual(out, object{"known": 1}) {
		t.Errorf("got %v, %v; want the step's own", out, err)
	}
}

func TestOutsideARunThereIsAnError(t *testing.T) {
	t.Parallel()
	op := layertest.Build(t, layertest.Step(func(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }, update.Context(false)))
	if _, err := op(t.Context(), &layertest.Frame{}, object{"known": 1}); plan.CodeOf(err) != plan.CodeState {
		t.Errorf("error %v, want one of the state", err)
	}
}
