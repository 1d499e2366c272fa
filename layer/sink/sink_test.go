package sink_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

// ran executes a step that returns out under sink.To(path), in a run with these values.
func ran(t *testing.T, path string, out any, values ...state.Value) *weir.Result[any] {
	t.Helper()
	p, err := weir.Compile(weir.Func("work", func(context.Context, int) (any, error) { return out, nil }).With(sink.To(path)), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), 1, weir.State(values...))
	if err != nil || !reflect.DeepEqual(r.Output, out) {
		t.Fatalf("output %v, error %v; want the step's own", r.Output, err)
	}
	return r
}

// warned gives the warnings of the step.
func warned(t *testing.T, r *weir.Result[any]) []string {
	t.Helper()
	s, _ := r.Step("work")
	list, _ := s.Note("warnings").([]string)
	return list
}

func TestB037_TextBecomesANumberWhereTheStateHoldsOne(t *testing.T) {
	t.Parallel()
	counter := state.NewKey[int]("counter")
	for _, c := range []struct {
		out    any
		want   int
		warned bool
	}{{"42", 42, false}, {7, 7, false}, {"abc", 1, true}, {[]int{1}, 1, true}} {
		r := ran(t, "counter", c.out, counter.With(1))
		if got, _ := counter.From(r.State); got != c.want || (len(warned(t, r)) == 1) != c.warned {
			t.Errorf("%v: counter is %v, warnings %q; want %d, warned %v", c.out, got, warned(t, r), c.want, c.warned)
		}
	}
}

func TestB037_APathReachesIntoMapsThatExist(t *testing.T) {
	t.Parallel()
	report := state.NewKey[map[string]any]("report")
	r := ran(t, "report.summary.text", "fine", report.With(map[string]any{"summary": map[string]any{"by": "ada"}}))
	got, _ := report.From(r.State)
	if want := map[string]any{"summary": map[string]any{"by": "ada", "text": "fine"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("report is %v, want %v", got, want)
	}
	r = ran(t, "report.nowhere.text", "fine", report.With(map[string]any{}))
	if got, _ := report.From(r.State); len(got) != 0 {
		t.Errorf("report is %v, want it empty as before", got)
	}
	if w := warned(t, r); len(w) != 1 || !strings.Contains(w[0], "report.nowhere") {
		t.Errorf("warnings %q, want one that tells the missing part", w)
	}
}

func TestAnOutputThatIsChangedLaterDoesNotChangeTheState(t *testing.T) {
	t.Parallel()
	out := map[string]any{"n": 1}
	r := ran(t, "kept", out)
	out["n"] = 2
	if got, _ := r.State.Get("kept"); !reflect.DeepEqual(got, map[string]any{"n": 1}) {
		t.Errorf("the state holds %v", got)
	}
}

func TestAFailedStepWritesNothing(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	p, err := weir.Compile(weir.Func("work", func(context.Context, int) (any, error) { return nil, boom }).With(sink.To("x")), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), 1)
	if _, set := r.State.Get("x"); !errors.Is(err, boom) || set {
		t.Errorf("error %v, x set %v; want boom and no x", err, set)
	}
}

func TestPathsThatCannotBeAreMistakes(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"scratchpad": "scratchpad", "scratchpad.x": "scratchpad", "": "a path is", "a..b": "a path is", ".a": "a path is", "a.": "a path is",
	} {
		err := layertest.Mistake(t, layertest.Step(pass, sink.To(path)))
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `sink.To("`+path+`")`) {
			t.Errorf("%q: mistake %v does not tell %q", path, err, want)
		}
	}
}

func TestOutsideARunThereIsAWarning(t *testing.T) {
	t.Parallel()
	f := &layertest.Frame{}
	out, err := layertest.Build(t, layertest.Step(pass, sink.To("x")))(t.Context(), f, 1)
	if out != 1 || err != nil || f.Notes["warnings"] == nil {
		t.Errorf("got %v, %v, noted %v", out, err, f.Notes)
	}
}

func TestTheStepIsKnownToNeedState(t *testing.T) {
	t.Parallel()
	p, err := plan.Build(layertest.Step(pass, sink.To("x")), plan.Options{})
	if err != nil || !p.Sites[0].Analysis.NeedsState {
		t.Errorf("error %v, or not known", err)
	}
}

func pass(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }
