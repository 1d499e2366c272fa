package loop

import (
	"github.com/weirflow/weir/plan"
)

// What the note exit_reason says. The words are those of spec/core.md §4.4.
const (
	// ExitCondition: the condition held.
	ExitCondition = "condition"
	// ExitMax: the number of rounds was reached; a failure unless that is what was asked for.
	ExitMax = "max_loops"
	// ExitBody: a round failed.
	ExitBody = "body_step_error"
	// ExitEmpty: there is no body.
	ExitEmpty = "empty_pipeline"
	// ExitStart: the first round's input could not be made.
	ExitStart = "initial_input_mapper_error"
	// ExitNext: the next round's input could not be made.
	ExitNext = "iteration_input_mapper_error"
	// ExitAsked: the condition itself failed.
	ExitAsked = "exit_condition_error"
	// ExitFinish: the loop's output could not be made.
	ExitFinish = "loop_output_mapper_error"
	// ExitBudget: a round went over the run's budget, which ends the run.
	ExitBudget = "quota_limit_exceeded"
)

// note tells why and after how many rounds a loop ended. Reason is any, since a constant costs nothing as one.
func note(f plan.Frame, site *plan.Site, reason any, rounds int) {
	if reason != nil {
		f.Note(site, "exit_reason", reason)
	}
	if reason == ExitCondition {
		f.Note(site, "feedback", "loop exited by condition")
	}
	var n any = rounds
	f.Note(site, "iterations", n)
	f.Note(site, "attempts", n)
}
