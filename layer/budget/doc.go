// Package budget has the layers that hold a step to a budget.
//
// AtMost gives each execution of a step a budget of its own, and From one that the caller shares among runs; what is used is
// taken from the budgets further out as well. A step that uses more has done its work and is counted; then the run ends with a
// *usage.LimitError (plan.ErrBudget), which nothing handles: no retry, no fallback, no parallel step that ignores failures.
//
// Expect and Reserve set aside what an attempt is expected to use before it begins. An attempt for which too little is left
// does not begin. So steps that run at the same time cannot all begin on the same last dollar: what is used beyond a limit
// is at most what the calls in flight use beyond their estimates.
package budget
