// Package parallel runs branches at the same time on the same input and joins what they give.
//
// All gives a list, Named a list with names and errors, Join2 to Join4 a value made by a function of outputs of several
// types. Reduce makes one value of outputs of one type, by a function; First, Last, Union, Concat, Majority, SameCode and
// Select are ready ways to do so, of the branches that succeeded. Outputs come in declared order, whatever ends first. A branch that fails does not disturb the others: all run to their end, and then the
// step fails, unless failures are ignored or FailFast is set.
//
// # State
//
// A branch begins with what the run's state holds when the step begins, and no branch sees what another writes. When all
// have ended, the changes of those that succeeded are merged in declared order; this is so too when the step fails because
// of another branch. Two branches that change one key to different values are a conflict, which fails the step and merges
// nothing, unless another strategy is chosen, the key has a reducer, or Fields gives the key to one of them.
//
// Where two branches say that they write one place (sink.To, update.Context, writes.Keys), outside of what only may run, the
// conflict is a mistake that Compile reports. Places inside a map are places of their own; keys that are known to hold maps or
// lists are left to the merge, which joins them part by part. A reducer is known where Config.State declares the key, or
// writes.Keys names it.
//
// # Record
//
// The step notes "executed_branches" (the names of the branches that began, in declared order), "feedback" and, where the
// merge changed something, "merge" (a state.Account: the strategy, and for each key the branches that its value comes from);
// with a reducer also "reduced_from" (a ReducedFrom) and, after a vote, "consensus" (a Consensus).
//
// When one branch failed, the error is that branch's *plan.StepError. When several did, it is one error with the code of
// the first declared, which lists and wraps them all. What the branches gave is beside it (weir.StepResult.Output), but for
// Join, which has nothing to show then.
package parallel
