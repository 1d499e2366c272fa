package writes_test

import (
	"context"
	"strings"
	"testing"

	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/writes"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

func same(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }

func TestTheLayerPassesTheSuite(t *testing.T) {
	t.Parallel()
	layertest.Passes(t, t.Context(), writes.To("a"), 1, 2)
}

func TestWhatIsNoKeyIsAMistake(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"": "a path is", "a..b": "a path is", "scratchpad.x": "scratchpad"} {
		err := layertest.Mistake(t, layertest.Step(same, writes.To("fine", path)))
		if plan.CodeOf(err) != plan.CodeConfig || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", path, err)
		}
	}
	layertest.Mistake(t, layertest.Step(same, writes.Keys(nil)))
}

func TestTheKeysAreThoseOfTheStep(t *testing.T) {
	t.Parallel()
	sum := state.NewKey("sum", state.Reduce(state.Sum[int]))
	step := layertest.Step(same, writes.To("a.b"), writes.Keys(sum, state.NewKey[[]string]("list")))
	tree, _, errs := plan.Grow(step)
	if errs != nil {
		t.Fatal(errs)
	}
	got := tree.Writes()
	if len(got) != 3 || got[0].Path != "a.b" || got[0].Type != nil || got[0].Site != tree.Site ||
		got[1].Path != "sum" || !got[1].Reduced || got[2].Reduced || got[2].Type.String() != "[]string" {
		t.Errorf("%+v", got)
	}
}
