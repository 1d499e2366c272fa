package plantest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// Pass is the suite of what holds for every pass. It rewrites pipelines of its own, and those given, which take and give any
// value. A pass passes when
//
//   - the plan's hash and sites, with their paths and numbers, are those of what was written;
//   - the tree that it was given is as it was, and each site stands in the new one at most once, under the same parent;
//   - runs have the same answers, errors, records and state.
func Pass(t *testing.T, p plan.Pass, more ...*plan.Step) {
	t.Helper()
	if p.Name() == "" {
		t.Error("the pass has no name")
	}
	for i, s := range append(pipelines(), more...) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			for _, check := range []func(*testing.T, plan.Pass, *plan.Step) error{keepsTree, keepsPlan} {
				if err := check(t, p, s); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// pipelines are those that a pass is tried on.
func pipelines() []*plan.Step {
	inc := func(_ context.Context, _ plan.Frame, in any) (any, error) {
		n, _ := in.(int)
		return n + 1, nil
	}
	write := func(ctx context.Context, _ plan.Frame, in any) (any, error) {
		wrote.Update(ctx, func(n int) int { return n + 1 })
		return in, nil
	}
	bad := func(ctx context.Context, _ plan.Frame, in any) (any, error) {
		wrote.Set(ctx, 99)
		return in, errBoom
	}
	breaks := func(context.Context, plan.Frame, any) (any, error) { panic(errBoom) }
	nested := func(last *plan.Step) *plan.Step {
		return sequence("", sequence("", leaf("a", inc), sequence("", leaf("b", write), leaf("c", inc))),
			sequence("named", leaf("a", inc), sequence("", leaf("d", write))), last)
	}
	layered := sequence("", leaf("in", inc), leaf("out", write))
	layered.Name, layered.Layers = "layered", []plan.Layer{again{}}
	return []*plan.Step{
		leaf("one", inc),
		sequence("", leaf("a", inc)),
		sequence("", sequence(""), leaf("a", inc), sequence("")),
		nested(leaf("end", write)),
		nested(leaf("end", bad)),
		nested(leaf("end", breaks)),
		nested(layered),
		sequence("", nested(leaf("end", bad, again{})), leaf("never", inc)),
		{Name: "group", Node: group{steps: []*plan.Step{nested(leaf("x", inc)), sequence("", leaf("y", write), sequence("", leaf("z", bad)))}}},
	}
}

// again is a layer that makes a second attempt.
type again struct{}

func (again) Name() string { return "again" }
func (again) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	site := b.Site()
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := f.Try(ctx, next, in)
		if err == nil || plan.Final(err) {
			return out, err
		}
		f.Retried(site, 1, err, 0)
		return next(ctx, f, in)
	}
}

// group is a kind that runs its children in rounds, one after the other, on the same input.
type group struct{ steps []*plan.Step }

func (group) Kind() string { return "group" }
func (group) Indexed()     {}
func (g group) Children() []plan.Child {
	kids := make([]plan.Child, len(g.steps))
	for i, s := range g.steps {
		kids[i] = plan.Child{Label: plan.Number(i), Step: s}
	}
	return kids
}

func (g group) Build(b *plan.Builder) plan.Op {
	blocks := make([]*plan.Block, len(g.steps))
	for i := range blocks {
		blocks[i] = b.Child(i)
	}
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		var outs []any
		for round := range 2 {
			for _, block := range blocks {
				out, err := f.Do(ctx, block, round, in)
				if err != nil {
					return nil, err
				}
				outs = append(outs, out)
			}
		}
		return outs, nil
	}
}

// keepsTree looks at the rewriting alone.
func keepsTree(_ *testing.T, p plan.Pass, s *plan.Step) error {
	tree, _, errs := plan.Grow(s)
	if len(errs) > 0 {
		return fmt.Errorf("the pipeline has mistakes: %w", errors.Join(errs...))
	}
	before := shape(tree, nil)
	rewritten := p.Rewrite(tree)
	if rewritten == nil {
		return errors.New("the pass gives no tree")
	}
	if after := shape(tree, nil); !slices.Equal(before, after) {
		return fmt.Errorf("the pass changed the tree that it was given: from %v to %v", before, after)
	}
	return onceEach(rewritten, nil, map[*plan.Site]bool{})
}

// shape is a tree as text, a line a place.
func shape(t *plan.Tree, lines []string) []string {
	lines = append(lines, fmt.Sprintf("%p %p %p %d %v", t.Step, t.Site, t.Under, len(t.Children), t.Step.Layers))
	for _, c := range t.Children {
		lines = shape(c, lines)
	}
	return lines
}

// onceEach checks that each site stands once, below the site that it stood below.
func onceEach(t *plan.Tree, under *plan.Site, seen map[*plan.Site]bool) error {
	if s := t.Site; s != nil {
		if seen[s] {
			return fmt.Errorf("the site %s stands twice in the tree", s.Path)
		}
		for p := s.Parent; p != under; p = p.Parent {
			if p == nil || !p.Derived { // a sequence without layers may be gone
				return fmt.Errorf("the site %s stands elsewhere than it was written", s.Path)
			}
		}
		seen[s], under = true, s
	}
	for _, c := range t.Children {
		if err := onceEach(c, under, seen); err != nil {
			return err
		}
	}
	return nil
}

// keepsPlan compares a plan and its runs with those of what was written.
func keepsPlan(t *testing.T, p plan.Pass, s *plan.Step) error {
	written, err := plan.Build(s, plan.Options{})
	if err != nil {
		return err
	}
	passed, err := plan.Build(s, plan.Options{Passes: []plan.Pass{p}})
	if err != nil {
		return fmt.Errorf("after the pass the pipeline does not compile: %w", err)
	}
	if written.Hash != passed.Hash || len(written.Sites) != len(passed.Sites) {
		return fmt.Errorf("hash %s and %d sites, want %s and %d", passed.Hash, len(passed.Sites), written.Hash, len(written.Sites))
	}
	for i, want := range written.Sites {
		got := passed.Sites[i]
		if got.Path != want.Path || got.Index != want.Index || got.End != want.End || got.Kind != want.Kind {
			return fmt.Errorf("site %d is %s (%s, %d to %d), want %s (%s, %d to %d)",
				i, got.Path, got.Kind, got.Index, got.End, want.Path, want.Kind, want.Index, want.End)
		}
	}
	var want, got ran
	want.drive(t.Context(), written, 1, usage.Limits{})
	got.drive(t.Context(), passed, 1, usage.Limits{})
	return got.equals(&want)
}

// equals compares two runs.
func (r *ran) equals(want *ran) error {
	if !alike(r.out, want.out) || fmt.Sprint(r.err) != fmt.Sprint(want.err) {
		return fmt.Errorf("got %v, %v; want %v, %v", r.out, r.err, want.out, want.err)
	}
	for i := range want.records {
		a, b := r.records[i], want.records[i]
		if a.Status != b.Status || a.Count != b.Count || a.Failures != b.Failures || a.Retries != b.Retries {
			return fmt.Errorf("record %d is %+v, want %+v", i, a, b)
		}
	}
	a, _ := wrote.From(r.outcome.State)
	if b, _ := wrote.From(want.outcome.State); a != b {
		return fmt.Errorf("the state is %d, want %d", a, b)
	}
	return nil
}
