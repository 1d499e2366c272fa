// Package loop is the kind that runs a body in rounds until a condition holds, a number of times, or to a maximum.
//
// Each round works on what the one before it gave, and the condition is asked after each round about the last output and
// the run's state, in which everything that finished rounds wrote is visible. Paths below the loop show the round, counted
// from 0: polish[2]/score.
//
// # How a loop ends
//
// The step notes exit_reason (the Exit constants), iterations (how many rounds ended, or began and failed) and attempts,
// which is the same number. Two loops in each other count for themselves.
//
//   - The condition holds: success, with the last output.
//   - The maximum was reached: a failure with the code max_loops and the last output beside it. OnMax(Continue) makes it a
//     success; so does a loop without a condition, such as Times, which is meant to run to its number.
//   - A round failed: the loop ends with that failure as it is, so that the error's path names the step that failed. What
//     the loop wrote to the state is dropped. ContinueOnFailure changes that.
//   - A condition or mapping failed: a failure that says which.
//   - The body is empty: a failure with the code empty.
//   - A pause, an abort, a breach of the budget, cancellation: returned untouched, at once; iterations counts finished rounds.
package loop
