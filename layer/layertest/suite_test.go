package layertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/weirflow/weir/plan"
)

// wrong is a layer that does something it must not.
type wrong func(next plan.Op) plan.Op

func (wrong) Name() string                                 { return "wrong" }
func (w wrong) Wrap(_ *plan.Builder, next plan.Op) plan.Op { return w(next) }

// quiet is a layer without a name.
type quiet struct{ wrong }

func (quiet) Name() string { return "" }

// fails gives the names of the checks that a layer does not pass.
func fails(t *testing.T, l plan.Layer) string {
	t.Helper()
	var names []string
	for _, c := range checks() {
		if c.run(t.Context(), l, "in", "out") != nil {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, ", ")
}

func TestTheSuiteFindsWhatALayerDoesWrong(t *testing.T) {
	t.Parallel()
	after := func(change func(out any, err error) (any, error)) wrong {
		return func(next plan.Op) plan.Op {
			return func(ctx context.Context, f plan.Frame, in any) (any, error) { return change(next(ctx, f, in)) }
		}
	}
	for want, l := range map[string]plan.Layer{
		"": after(func(out any, err error) (any, error) { return out, err }),
		"passes": after(func(out any, err error) (any, error) { // wraps what it must pass untouched
			if err != nil {
				err = fmt.Errorf("layer: %w", err)
			}
			return out, err
		}),
		"loses no failure": after(func(out any, err error) (any, error) { return out, nil }),
		"loses no success": after(func(any, error) (any, error) { return nil, nil }),
		"beside": after(func(out any, err error) (any, error) {
			if err != nil {
				out = "something else"
			}
			return out, err
		}),
		"loses no panic": wrong(func(next plan.Op) plan.Op {
			return func(ctx context.Context, f plan.Frame, in any) (out any, err error) {
				defer func() { _ = recover() }()
				return next(ctx, f, in)
			}
		}),
		"leaves a cancelled call alone": wrong(func(next plan.Op) plan.Op { // tries again whatever happened
			return func(ctx context.Context, f plan.Frame, in any) (any, error) {
				if out, err := f.Try(ctx, next, in); err == nil {
					return out, nil
				}
				return next(ctx, f, in)
			}
		}),
		"has a name": quiet{wrong(func(next plan.Op) plan.Op { return next })},
	} {
		want = strings.Replace(want, "beside", "passes", 1)
		if got := fails(t, l); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("a layer that fails %q: the suite says %q", want, got)
		}
	}
}

func TestPassesHoldsForALayerThatDoesNothing(t *testing.T) {
	t.Parallel()
	Passes(t, t.Context(), wrong(func(next plan.Op) plan.Op { return next }), "in", "out")
}

func TestAStepThatDoesNotCompileIsAnErrorOfEachCheckThatRunsIt(t *testing.T) {
	t.Parallel()
	refuses := wrong(func(plan.Op) plan.Op { return nil })
	if got := fails(t, refuses); !strings.Contains(got, "loses no success") {
		t.Errorf("the suite says %q", got)
	}
}

func TestTheFrameRemembersAndRunsNoChildren(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	f := &Frame{}
	f.Note(nil, "a", 1)
	f.Note(nil, "a", 2)
	f.Retried(nil, 1, boom, 3)
	f.Progress(nil, 1, 2)
	if f.Notes["a"] != 2 || len(f.Retries) != 1 || f.Retries[0] != (Retry{Attempt: 1, Err: boom, Wait: 3}) {
		t.Errorf("remembers %v and %v", f.Notes, f.Retries)
	}
	_, err := f.Do(t.Context(), nil, -1, nil)
	for _, err := range []error{err, f.Fork(t.Context(), nil), f.Each(t.Context(), nil)} {
		if !errors.Is(err, errNoChildren) {
			t.Errorf("error %v, want that there are no children", err)
		}
	}
	if f.RunID() != "test" || f.Path(&plan.Site{Path: "a/b"}) != "a/b" {
		t.Errorf("run %q, path %q", f.RunID(), f.Path(&plan.Site{Path: "a/b"}))
	}
}
