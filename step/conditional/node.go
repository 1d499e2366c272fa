package conditional

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// defaultLabel is the label of the default branch.
const defaultLabel = "default"

// node is the kind conditional.
type node struct{ spec Spec }

// Kind is "conditional".
func (*node) Kind() string { return "conditional" }

// Fingerprint is what the spec says; functions in Go say nothing.
func (n *node) Fingerprint() string { return spec.Fingerprint(&n.spec) }

// Children are the branches under their labels, then the default.
func (n *node) Children() []plan.Child {
	kids := make([]plan.Child, 0, len(n.spec.Branches)+1)
	for _, b := range n.spec.Branches {
		kids = append(kids, plan.Child{Label: b.Name, Step: b.Step.Step})
	}
	if n.spec.Default.Step != nil {
		kids = append(kids, plan.Child{Label: defaultLabel, Step: n.spec.Default.Step})
	}
	return kids
}

// Build makes the op.
func (n *node) Build(b *plan.Builder) plan.Op {
	for _, err := range n.spec.mistakes {
		b.Fail(err)
	}
	if len(n.spec.mistakes) > 0 {
		return nil
	}
	s := &selector{Spec: &n.spec, site: b.Site(), other: none}
	s.chosen, s.given, s.made = b.Decision("condition"), b.Decision("input"), b.Decision("output")
	for i, c := range n.Children() {
		s.branches = append(s.branches, branch{label: c.Label, block: b.Child(i)})
	}
	if n.spec.Default.Step != nil {
		s.other = len(s.branches) - 1
	}
	return s.run
}

// selector is a conditional as it runs: immutable, shared by all runs.
type selector struct {
	*Spec
	site     *plan.Site
	branches []branch
	other    int // the default; none: there is none
	// chosen, given and made keep what users' code came to; nil: nothing is kept.
	chosen, given, made plan.Decision
}

// branch is one branch. The label is any, since a note takes it so.
type branch struct {
	label any
	block *plan.Block
}

// run is the op.
func (s *selector) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	c, err := s.choice(ctx, f, in)
	if err != nil {
		return nil, wrong("the condition failed", err)
	}
	f.Note(s.site, "executed_branch_key", c.key)
	at := c.branch
	if at == none {
		at = s.other
	}
	if at == none {
		return s.without(in, c.key)
	}
	b := &s.branches[at]
	f.Note(s.site, "resolved_branch_key", b.label)
	if s.input != nil {
		if in, err = s.mapped(ctx, f, in); err != nil {
			return nil, wrong("the branch's input could not be made", err)
		}
	}
	out, err := f.Do(ctx, b.block, -1, in)
	if err != nil {
		return nil, err
	}
	if s.output != nil {
		if out, err = s.result(ctx, f, out, c.key); err != nil {
			return nil, wrong("the step's output could not be made", err)
		}
	}
	return out, nil
}

// choice asks the condition, once in a run.
func (s *selector) choice(ctx context.Context, f plan.Frame, in any) (choice, error) {
	if s.chosen == nil {
		return s.choose(ctx, f, in)
	}
	v, err := s.chosen(ctx, f, 0, func() (any, error) {
		c, err := s.choose(ctx, f, in)
		return []any{c.branch, c.key}, err
	})
	if err != nil {
		return choice{}, err
	}
	return s.again(v)
}

// again reads a choice that was kept. A journal may give numbers back as another type.
func (s *selector) again(v any) (choice, error) {
	if kept, ok := v.([]any); ok && len(kept) == 2 {
		if at, err := strconv.Atoi(fmt.Sprint(kept[0])); err == nil && at >= none && at < len(s.branches) {
			return choice{at, kept[1]}, nil
		}
	}
	return choice{}, plan.Errorf(plan.CodeJournal, "the journal does not say which branch was chosen, but %s", plan.Describe(v))
}

// mapped makes the branch's input, once in a run.
func (s *selector) mapped(ctx context.Context, f plan.Frame, in any) (any, error) {
	if s.given == nil {
		return s.input(ctx, in)
	}
	return s.given(ctx, f, 0, func() (any, error) { return s.input(ctx, in) })
}

// result makes the step's output, once in a run.
func (s *selector) result(ctx context.Context, f plan.Frame, out, key any) (any, error) {
	if s.made == nil {
		return s.output(ctx, out, key)
	}
	return s.made(ctx, f, 0, func() (any, error) { return s.output(ctx, out, key) })
}

// without is what the step comes to when no branch has the key. Keys come from anywhere, so only their beginning is told.
func (s *selector) without(in, key any) (any, error) {
	if s.pass {
		return in, nil
	}
	labels := make([]string, len(s.Branches))
	for i, b := range s.Branches {
		labels[i] = b.Name
	}
	return nil, plan.Errorf(plan.CodeNoBranch, "no branch for key %.100q, and no default; there are %.500s",
		fmt.Sprint(key), strings.Join(labels, ", "))
}

// wrong says what failed. What no handler may swallow stays as it is.
func wrong(what string, err error) error {
	if plan.Final(err) {
		return err
	}
	return fmt.Errorf("%s: %w", what, err)
}
