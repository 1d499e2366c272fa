// Package hook tells a program's own code where a run stands: before and after the run, before and after its steps.
//
// A hook is any value with one or more of the methods PreRun, PostRun, PreStep, PostStep, OnStepFailure and OnPause; it is told
// what it has a method for. The hooks of weir.Config.Hooks are told of the run and of its outer steps, those that stand
// directly in the pipeline, in the order in which they are registered:
//
//	success  pre_run, (pre_step, post_step) for each step, post_run
//	failure  pre_run, …, pre_step, on_step_failure, post_run
//	pause    pre_run, …, pre_step, on_pause, post_run
//
// Round tells a hook of one step, anywhere in the pipeline. A plan without hooks has nothing of this package in it.
//
// # What a hook can do
//
// A hook that fails or panics changes nothing: the step's result has it among its warnings, and it is logged. Where hooks are
// strict, it fails the step or the run. A hook that returns Abort, or any error with the code aborted, ends the run: after
// pre_step the step is not run, after post_step the step has succeeded and the next one is not run, after pre_run nothing is.
// Once a run has ended there is nothing to abort, so the abort of a post_run or on_pause is ignored. No hook hides the run's own
// error: a breach of its budget, say, is what the caller gets, whatever a hook says.
//
// # What a hook is told
//
// Pre_step and post_step come once for an execution of the step, not once an attempt. A step that was stopped, by
// an abort, by the caller or by the run's limit on its duration, and a step that waits for a person have not failed: they are
// told neither to PostStep nor to OnStepFailure. PostRun is told exactly once, however the run ended.
//
// A run that is resumed tells a step with children nothing that it told before. A step without children that was interrupted
// begins again, and so does its pre_step. What a hook did when a process died may be done again.
//
// Hooks run in the goroutine of the step, which waits for them; those of branches that run at the same time may overlap. A
// hook must be safe for use by several goroutines.
package hook
