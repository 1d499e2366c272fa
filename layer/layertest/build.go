package layertest

import (
	"fmt"
	"testing"

	"github.com/weirflow/weir/plan"
)

// Step is a written step called "step" whose op is the one given, with layers round it, outermost first.
func Step(op plan.Op, layers ...plan.Layer) *plan.Step {
	return &plan.Step{Name: "step", Node: node{op: op}, Layers: layers}
}

// Group is a step called "group" that has children and runs none of them, with layers round it.
func Group(layers ...plan.Layer) *plan.Step {
	child := Step(nil)
	child.Node = node{op: pass}
	return &plan.Step{Name: "group", Node: node{op: pass, children: []plan.Child{{Step: child}}}, Layers: layers}
}

// Build compiles a step and gives its op. A mistake in it ends the test.
func Build(tb testing.TB, s *plan.Step) plan.Op {
	tb.Helper()
	op, err := build(s)
	if err != nil {
		tb.Fatal(err)
	}
	return op
}

func build(s *plan.Step) (plan.Op, error) {
	p, err := plan.Build(s, plan.Options{})
	if err != nil {
		return nil, fmt.Errorf("the step does not compile: %w", err)
	}
	return p.Main.Steps[0].Op, nil
}

// Mistake compiles a step that must not compile, and gives the mistake.
func Mistake(tb testing.TB, s *plan.Step) error {
	tb.Helper()
	_, err := plan.Build(s, plan.Options{})
	if err == nil {
		tb.Fatal("the step compiles; want a mistake")
	}
	return err
}

// node is a kind that does what it is told.
type node struct {
	op       plan.Op
	children []plan.Child
}

func (node) Kind() string                  { return "test" }
func (n node) Children() []plan.Child      { return n.children }
func (n node) Build(*plan.Builder) plan.Op { return n.op }
