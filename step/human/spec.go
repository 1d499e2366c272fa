package human

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/schema"
	"github.com/weirflow/weir/spec"
)

// The ways in which a step goes on when no answer came in time.
const (
	onFail    = "fail"
	onDefault = "default"
	onBranch  = "branch"
)

// MaxQuestion is how many bytes of a question are shown: what goes into it can be anything.
const MaxQuestion = 64 << 10

// Spec is a question to people as written. In Go it is made by Ask and Approve.
type Spec struct {
	Message   spec.Value     `weir:"message" doc:"The question; sees previous_step (the step's input). Default: the input as text."`
	Schema    map[string]any `weir:"input_schema" doc:"A JSON Schema that the answer must fit. Default: any answer fits."`
	Options   []string       `weir:"options" doc:"The answers to choose from."`
	Assignees []string       `weir:"assignees" doc:"Whom the question is meant for; shown with it, not enforced."`
	Timeout   time.Duration  `weir:"answer_within" doc:"How long an answer is taken: 1h, or a number of seconds. Default: for ever."`
	OnTimeout string         `weir:"on_timeout" enum:"fail,default,branch" doc:"What happens when no answer came in time: fail, give the default, or run otherwise. Default: what default or otherwise say, else fail."`
	Default   any            `weir:"default" doc:"The answer when none came in time."`
	Otherwise spec.Step      `weir:"otherwise" doc:"The step that runs on the input when no answer came in time."`
	Approve   bool           `weir:"approve" doc:"Asks for yes or no: yes passes the step's input on, no fails the step."`

	// What only Go can say.
	question func(ctx context.Context, in any) (string, error)
	answers  *answers
	mistakes []error
}

// Kind is the entry of this kind in the list of kinds.
func Kind() spec.Kind {
	return spec.Kind{
		Name: kindName, Aliases: []string{"hitl"},
		Doc: "Asks a person and waits for the answer, which is the step's output; the run is paused meanwhile.",
		New: func() spec.Spec { return &Spec{} },
	}
}

// Node checks the spec and makes the node.
func (s *Spec) Node() (plan.Node, error) {
	c := *s
	c.mistakes = slices.Clone(s.mistakes)
	c.compile()
	if err := errors.Join(c.mistakes...); err != nil {
		return nil, err
	}
	return &node{spec: c}, nil
}

// compile makes of what a blueprint wrote what the step runs on.
func (s *Spec) compile() {
	s.question = s.rendered
	switch {
	case s.Approve && (s.Schema != nil || len(s.Options) > 0):
		s.mistake("approve asks for yes or no; leave out input_schema and options")
	case s.Approve:
		s.answers = approval()
	case s.Schema != nil:
		s.answers = s.written()
	default:
		s.answers = s.plain()
	}
	if s.OnTimeout == "" && s.Otherwise.Step != nil {
		s.OnTimeout = onBranch
	}
	if s.OnTimeout == "" && s.Default != nil {
		s.OnTimeout = onDefault
	}
	s.check()
}

// plain are the answers of a blueprint without a schema: whatever JSON holds.
func (s *Spec) plain() *answers {
	shape, err := schema.Parse(json.RawMessage("{}"))
	if err != nil {
		s.mistake("%v", err)
		return anything()
	}
	a := fitting(shape)
	a.shape = nil
	return a
}

// written are the answers that fit the schema of a blueprint.
func (s *Spec) written() *answers {
	raw, err := json.Marshal(s.Schema)
	if err != nil {
		s.mistake("input_schema cannot be written as JSON: %v", err)
		return anything()
	}
	shape, err := schema.Parse(raw)
	if err != nil {
		s.mistake("input_schema: %v", err)
		return anything()
	}
	return fitting(shape)
}

// check finds what does not go together.
func (s *Spec) check() {
	switch s.OnTimeout {
	case "", onFail, onDefault, onBranch:
	default:
		s.mistake("on_timeout is %.40q; it is fail, default or branch", s.OnTimeout)
	}
	if s.Timeout < 0 {
		s.mistake("answer_within is %v; it is at least 0", s.Timeout)
	}
	if s.OnTimeout != "" && s.Timeout == 0 && len(s.mistakes) == 0 {
		s.mistake("on_timeout, default and otherwise need answer_within: without it the step waits for ever")
	}
	if (s.OnTimeout == onBranch) != (s.Otherwise.Step != nil) {
		s.mistake("otherwise is the step for on_timeout: branch; give both or none")
	}
	if s.Default != nil && s.OnTimeout != onDefault {
		s.mistake("default is the answer for on_timeout: default; leave one of them out")
	}
	if s.OnTimeout == onDefault && s.answers != nil {
		if _, err := s.answers.check(s.Options, s.Default); err != nil {
			s.mistake("the default answer does not fit: %w", err)
		}
	}
}

func (s *Spec) mistake(format string, args ...any) {
	s.mistakes = append(s.mistakes, plan.Errorf(plan.CodeConfig, format, args...))
}
