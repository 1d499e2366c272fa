package plugin

import "github.com/weirflow/weir/plan"

// Outcome is what a plugin says of an output. The zero value refuses it without a reason.
type Outcome struct {
	// Success says that the output may stand.
	Success bool `json:"success"`
	// Feedback is what is wrong with it. Empty: the error says that there was no reason.
	Feedback string `json:"feedback,omitempty"`
	// RedirectTo names the target that does the work anew; it counts before all else. Empty: none does.
	RedirectTo string `json:"redirect_to,omitempty"`
	// NewSolution takes the output's place, if Success says so. Nil: the output stays.
	NewSolution any `json:"new_solution,omitempty"`
}

// Pass lets the output stand.
func Pass() Outcome { return Outcome{Success: true} }

// Fail refuses the output; feedback says what is wrong with it.
func Fail(feedback string) Outcome { return Outcome{Feedback: feedback} }

// Replace puts another value in the output's place: one of the step's output type, not nil.
func Replace(solution any) Outcome { return Outcome{Success: true, NewSolution: solution} }

// Redirect hands the work to another step, which the plugin must have among its Targets.
func Redirect(to Target) Outcome {
	if s := written(to); s != nil {
		return Outcome{RedirectTo: s.Name}
	}
	return Outcome{Feedback: "it redirects to a step that was never made (a zero Step)"}
}

// Target is a step that work can be handed to: a weir.Step that has a name and does its work itself, a function or an agent.
type Target interface {
	// Written gives the step without its types.
	Written() *plan.Step
}

// written is the step of a target, nil for none.
func written(t Target) *plan.Step {
	if t == nil {
		return nil
	}
	return t.Written()
}
