// Package parallel runs branches at the same time on the same input and joins what they give.
//
// All gives a list, Named a list with names and errors, Join2 to Join4 a value made by a function. Outputs come in
// declared order, whatever ends first. A branch that fails does not disturb the others: all run to their end, and then the
// step fails, unless failures are ignored or FailFast is set.
//
// # State
//
// A branch begins with what the run's state holds when the step begins, and no branch sees what another writes. When all
// have ended, the changes of those that succeeded are merged in declared order; this is so too when the step fails because
// of another branch. Two branches that change one key to different values are a conflict, which fails the step and merges
// nothing, unless another strategy is chosen, the key has a reducer, or Fields gives the key to one of them.
//
// # Record
//
// The step notes "executed_branches" (the names of the branches that began, in declared order), "feedback" and, where the
// merge changed something, "merged" (the names of the keys).
//
// When one branch failed, the error is that branch's *plan.StepError. When several did, it is one error with the code of
// the first declared, which lists and wraps them all. What the branches gave is beside it (weir.StepResult.Output), but for
// Join, which has nothing to show then.
package parallel
