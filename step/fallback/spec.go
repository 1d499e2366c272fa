package fallback

import (
	"errors"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Spec is a fallback as written. In Go it is made by To. A blueprint writes the key fallback of a step, and makes it with To
// on weir.Dynamic steps, which bears the primary's name; Spec gives only the node.
type Spec struct {
	Primary     spec.Step `weir:"primary,required" doc:"The step that runs first."`
	Alternate   spec.Step `weir:"fallback,required" doc:"What runs when the primary has failed for good: a step or a list of steps."`
	Diagnostics bool      `weir:"preserve_fallback_diagnostics" doc:"Keeps the primary's failure as the feedback of a success. Default: false."`
}

// Kind is the entry of fallback for those who list or explain kinds. Blueprints write it as a key of a step.
func Kind() spec.Kind {
	return spec.Kind{
		Name: "fallback",
		Doc:  "Runs another step when a step has failed for good.",
		New:  func() spec.Spec { return &Spec{} },
	}
}

// Node checks the spec and makes the node.
func (s *Spec) Node() (plan.Node, error) {
	var errs []error
	if s.Primary.Step == nil {
		errs = append(errs, plan.Errorf(plan.CodeConfig, "the fallback has no primary; give it the step to run first"))
	}
	if s.Alternate.Step == nil {
		errs = append(errs, plan.Errorf(plan.CodeConfig, "the fallback has no alternate; give it the step to run when the primary fails"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return chainOf(s), nil
}
