package hook

import (
	"context"

	"github.com/weirflow/weir/plan"
)

// Hook is a value that implements at least one of PreRun, PostRun, PreStep, PostStep, OnStepFailure and OnPause.
type Hook any

// PreRun is told that a run begins, before its first step. An abort keeps it from running any.
type PreRun interface {
	PreRun(ctx context.Context, r Run) error
}

// PostRun is told, exactly once, that a run has ended or paused. Its context is not cancelled when the run's is; it ends after
// Grace.
type PostRun interface {
	PostRun(ctx context.Context, r RunEnd) error
}

// OnPause is told that a run waits for a person, before PostRun and with a context like that one's.
type OnPause interface {
	OnPause(ctx context.Context, r RunEnd) error
}

// PreStep is told that a step begins. The context is the step's: the run's state is reached through it.
type PreStep interface {
	PreStep(ctx context.Context, s Step) error
}

// PostStep is told that a step has succeeded.
type PostStep interface {
	PostStep(ctx context.Context, s StepEnd) error
}

// OnStepFailure is told that a step has failed for good, after its retries and failure handlers.
type OnStepFailure interface {
	OnStepFailure(ctx context.Context, s StepEnd) error
}

// Abort is what a hook returns to end the run; the run's error matches weir.ErrAborted and says the reason.
func Abort(reason string) error {
	return plan.Errorf(plan.CodeAborted, "a hook aborted the run: %s", reason)
}

// event names what a hook is told.
type event string

const (
	preRun        event = "pre_run"
	postRun       event = "post_run"
	onPause       event = "on_pause"
	preStep       event = "pre_step"
	postStep      event = "post_step"
	onStepFailure event = "on_step_failure"
)
