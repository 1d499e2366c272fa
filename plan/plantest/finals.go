package plantest

import "github.com/weirflow/weir/plan"

// Finals gives an error of every sort that plan.Final knows, bare and as a step below returns it: what no layer and no kind may
// swallow, wrap or try again.
func Finals() []error {
	list := []error{
		plan.ErrPaused, plan.ErrBudget, plan.ErrAborted, plan.ErrDuration, plan.ErrMissingAgent, plan.ErrCanceled,
		&plan.Error{Code: plan.CodeRedirect, Text: "the same redirect twice"},
		&plan.Error{Code: plan.CodePricing, Text: "no price"},
		&plan.Error{Code: plan.CodeDenied, Text: "the policy says no"},
		&plan.Error{Code: plan.CodeJournal, Text: "the journal cannot be written"},
	}
	for _, err := range list {
		list = append(list, &plan.StepError{Path: "step/below", Kind: "test", Attempt: 1, Code: plan.CodeOf(err), Err: err})
	}
	return list
}

// Untouched says that err, which a run returned, is final as a step returned it: the very same, or with the step's place put on
// once by the engine.
func Untouched(err, final error) bool {
	if err == final {
		return true
	}
	placed, ok := err.(*plan.StepError)
	return ok && placed.Err == final
}
