package finally

import (
	"errors"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Spec is a body with its cleanup as written. In Go it is made by Do; a blueprint decodes into one made by Kind.
type Spec struct {
	Body    spec.Step     `weir:"body,required" doc:"What runs first: a step or a list of steps. Its output is the step's."`
	Cleanup spec.Step     `weir:"cleanup,required" doc:"What runs after it, whatever became of it: a step or a list of steps. Its input is a map of input, output, status (completed, failed or canceled), error, code and path."`
	Timeout time.Duration `weir:"cleanup_timeout" doc:"How long the cleanup may take. Default: 30s."`
}

// Kind is the entry of finally in the list of kinds.
func Kind() spec.Kind {
	return spec.Kind{
		Name: "finally",
		Doc:  "Runs a body, and then a cleanup whatever became of the body.",
		New:  func() spec.Spec { return &Spec{Timeout: DefaultTimeout} },
	}
}

// Node checks the spec and makes the node.
func (s *Spec) Node() (plan.Node, error) {
	var errs []error
	if s.Body.Step == nil {
		errs = append(errs, plan.Errorf(plan.CodeConfig, "there is no body; give the step or steps to clean up after"))
	}
	if s.Cleanup.Step == nil {
		errs = append(errs, plan.Errorf(plan.CodeConfig, "there is no cleanup; give the step or steps that run in the end"))
	}
	if err := errors.Join(append(errs, s.checkTimeout())...); err != nil {
		return nil, err
	}
	return &node{spec: *s, outcome: plain}, nil
}

func (s *Spec) checkTimeout() error {
	if s.Timeout <= 0 {
		return plan.Errorf(plan.CodeConfig, "cleanup_timeout is %v; give the cleanup a time above 0", s.Timeout)
	}
	return nil
}
