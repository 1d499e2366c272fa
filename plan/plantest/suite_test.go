package plantest

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir/plan"
)

// wrong is a layer that does something it must not.
type wrong func(next plan.Op) plan.Op

func (wrong) Name() string                                 { return "wrong" }
func (w wrong) Wrap(_ *plan.Builder, next plan.Op) plan.Op { return w(next) }

// fails gives the names of the checks that a layer does not pass.
func fails(t *testing.T, l plan.Layer) string {
	t.Helper()
	var names []string
	for _, c := range layerChecks() {
		if c.run(trial{layer: l, in: "in", out: "out"}, t) != nil {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, ", ")
}

func TestTheSuiteFindsWhatALayerDoesWrong(t *testing.T) {
	t.Parallel()
	after := func(change func(ctx context.Context, f plan.Frame, next plan.Op, out any, err error) (any, error)) wrong {
		return func(next plan.Op) plan.Op {
			return func(ctx context.Context, f plan.Frame, in any) (any, error) {
				out, err := next(ctx, f, in)
				return change(ctx, f, next, out, err)
			}
		}
	}
	for want, l := range map[string]plan.Layer{
		"": after(func(_ context.Context, _ plan.Frame, _ plan.Op, out any, err error) (any, error) { return out, err }),
		"passes the run was aborted": after(func(_ context.Context, _ plan.Frame, _ plan.Op, out any, err error) (any, error) {
			if err != nil {
				err = fmt.Errorf("layer: %w", err)
			}
			return out, err
		}),
		"keeps a success": after(func(context.Context, plan.Frame, plan.Op, any, error) (any, error) { return nil, nil }),
		"keeps a failure": after(func(ctx context.Context, f plan.Frame, next plan.Op, out any, err error) (any, error) {
			if err != nil { // tries again and does not say so
				return next(ctx, f, "in")
			}
			return out, err
		}),
		"keeps a panic": wrong(func(next plan.Op) plan.Op {
			return func(ctx context.Context, f plan.Frame, in any) (out any, err error) {
				defer func() { _ = recover() }()
				return next(ctx, f, in)
			}
		}),
		"passes the end of the run's time, passes a cancellation": after(func(_ context.Context, _ plan.Frame, _ plan.Op, out any, err error) (any, error) {
			if err != nil && !plan.Final(err) && strings.Contains(err.Error(), "stopped") {
				return "out", nil
			}
			return out, err
		}),
	} {
		if got := fails(t, l); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("a layer that fails %q: the suite says %q", want, got)
		}
	}
}

func TestTheSuiteFindsALayerThatServesOneRun(t *testing.T) {
	t.Parallel()
	var served atomic.Bool
	l := wrong(func(next plan.Op) plan.Op {
		return func(ctx context.Context, f plan.Frame, in any) (any, error) {
			if served.Swap(true) {
				return "another", nil
			}
			return next(ctx, f, in)
		}
	})
	if err := (trial{layer: l, in: "in", out: "out"}).several(t); err == nil {
		t.Error("it finds nothing")
	}
}

// pass is a pass that does what it is told.
type pass func(*plan.Tree) *plan.Tree

func (pass) Name() string                      { return "pass" }
func (p pass) Rewrite(t *plan.Tree) *plan.Tree { return p(t) }
func drop(t *plan.Tree, children int) *plan.Tree {
	c := *t
	c.Children = t.Children[:children]
	return &c
}

func TestTheSuiteFindsWhatAPassDoesWrong(t *testing.T) {
	t.Parallel()
	s := sequence("", leaf("a", same), leaf("b", func(context.Context, plan.Frame, any) (any, error) { return 7, nil }), leaf("c", same))
	for want, p := range map[string]pass{
		"":              func(t *plan.Tree) *plan.Tree { return t },
		"gives no tree": func(*plan.Tree) *plan.Tree { return nil },
		"stands twice": func(t *plan.Tree) *plan.Tree {
			c := *t
			c.Children = []*plan.Tree{t.Children[0], t.Children[1], t.Children[2], t.Children[0]}
			return &c
		},
		"changed the tree": func(t *plan.Tree) *plan.Tree {
			t.Children = t.Children[:1]
			return t
		},
		"got 1, <nil>; want 7, <nil>": func(t *plan.Tree) *plan.Tree { return drop(t, 1) },
		"record 2 is":                 func(t *plan.Tree) *plan.Tree { return drop(t, 2) },
	} {
		err := keepsTree(t, p, s)
		if err == nil {
			err = keepsPlan(t, p, s)
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("a pass that fails %q: the suite says %v", want, err)
		}
	}
}

func TestAPassThatDoesNothingPasses(t *testing.T) {
	t.Parallel()
	Pass(t, pass(func(t *plan.Tree) *plan.Tree { return t }), leaf("more", same))
}

func TestEveryFinalErrorIsFinal(t *testing.T) {
	t.Parallel()
	codes := map[plan.Code]bool{}
	for _, err := range Finals() {
		if !plan.Final(err) || !Untouched(err, err) || Untouched(errBoom, err) {
			t.Errorf("%v is not final", err)
		}
		codes[plan.CodeOf(err)] = true
	}
	if len(codes) != 10 {
		t.Errorf("%d codes; plan.Final knows 10", len(codes))
	}
}
