package loop

import (
	"errors"
	"math"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// DefaultMax is the maximum of a loop from a blueprint that has a condition and says no max_loops (spec/core.md §4.4).
const DefaultMax = 5

// notGiven stands in Spec.MaxLoops where a blueprint says nothing, so that a 0 which somebody wrote is a mistake.
const notGiven = math.MinInt

// Spec is a loop as written. In Go it is made by Until, While, Times, New and Refine; a blueprint decodes into one made
// by Kind.
type Spec struct {
	Body              spec.Step     `weir:"body,required" doc:"What runs each round: a step or a list of steps."`
	MaxLoops          int           `weir:"max_loops" doc:"The most rounds, at least 1. Needed when there is no condition: the loop then runs that many rounds and succeeds. Default with a condition: 5."`
	Exit              spec.Expr     `weir:"exit_expression" doc:"Ends the loop when it is true. Asked after each round; sees output (the last one), previous_step (the loop's input) and iteration (how many rounds have ended)."`
	Until             spec.Expr     `weir:"until" doc:"The same as exit_expression; give one of them."`
	ExitCondition     spec.Func     `weir:"exit_condition" doc:"A registered function that takes the last output and gives true to end the loop, in place of exit_expression."`
	While             spec.Expr     `weir:"while" doc:"Ends the loop when it is false. Asked before each round; output is the loop's input at first. Sees what exit_expression sees."`
	NextInput         spec.Value    `weir:"next_input" doc:"The next round's input. Sees what exit_expression sees. Default: the last output."`
	Output            spec.Value    `weir:"output" doc:"The loop's output, also when the maximum was reached. Sees what exit_expression sees. Default: the last output."`
	OnMax             Ending        `weir:"on_max" enum:"fail,continue" doc:"What reaching max_loops means when there is a condition. Default: fail."`
	Delay             time.Duration `weir:"delay" doc:"How long to wait between rounds. Default: not at all."`
	ContinueOnFailure bool          `weir:"continue_on_body_failure" doc:"Goes on after a failed round; the loop still fails in the end. Default: a failed round ends the loop."`

	judge    *plan.Step // of Refine
	judged   bool
	hooks    hooks
	mistakes []error
}

// Kind is the entry of loop in the list of kinds.
func Kind() spec.Kind {
	return spec.Kind{
		Name: "loop", Under: "loop",
		Doc: "Runs a body in rounds until a condition holds or a number of rounds is reached.",
		New: func() spec.Spec { return &Spec{MaxLoops: notGiven} },
	}
}

// Node checks the spec and makes the node.
func (s *Spec) Node() (plan.Node, error) {
	c := *s
	if c.Body.Step == nil {
		c.mistake("the loop has no body; give it the step or steps to run each round")
	}
	c.compile()
	if c.MaxLoops == notGiven {
		c.MaxLoops = DefaultMax
		if !c.conditional() {
			c.mistake("the loop would never end; give it max_loops, until or while")
		}
	}
	n := c.node()
	if err := errors.Join(n.spec.mistakes...); err != nil {
		return nil, err
	}
	return n, nil
}

// node makes the node, which keeps what is wrong with the spec until Compile asks.
func (s *Spec) node() *node {
	if s.MaxLoops < 1 {
		s.mistake("a loop of at most %d rounds does nothing; the maximum is at least 1", s.MaxLoops)
	}
	if s.Delay < 0 {
		s.mistake("the delay between rounds is %v; it is at least 0", s.Delay)
	}
	switch {
	case s.OnMax != "" && s.OnMax != Fail && s.OnMax != Continue:
		s.mistake("on_max is %.40q; it is fail or continue", s.OnMax)
	case s.OnMax == Fail && !s.conditional():
		s.mistake("on_max fail would fail always, since the loop has no condition; leave it out or give until or while")
	}
	return &node{spec: *s}
}

// conditional says that the loop can end before its maximum.
func (s *Spec) conditional() bool { return s.hooks.until != nil || s.hooks.while != nil }

func (s *Spec) mistake(format string, args ...any) {
	s.mistakes = append(s.mistakes, plan.Errorf(plan.CodeConfig, format, args...))
}
