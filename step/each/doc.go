// Package each runs one step for every item of a list and gives the results in item order.
//
// Item fails on the first item that failed and cancels the others, also those that wait for a person; Collect goes on and gives each item's output or error.
// Items run one at a time unless Width says otherwise. An empty list gives an empty list, and the body is not run.
//
// Paths of what is below an item show its number, from 0: parse[3]/line.
//
// # State
//
// An item begins with what the run's state holds when it begins, and no item sees what another writes, also when they run
// one at a time. After the last one the changes of those that succeeded are merged in item order. Two items that change one
// key to different values are a conflict, which fails the step, unless the key has a reducer (such as sum or append) or
// another strategy is chosen with Merge.
//
// # Memory
//
// Beyond input and output a run needs memory for as many items as run at once, for the changes of those items that wrote to
// the state, and in a list of outcomes for the errors. An item that is no pointer costs an allocation on its way in and one
// on its way out, which the collector takes back.
//
// # Record
//
// The step notes "items" and "failed" (how many there were and how many failed) and, where some did, "first_error" and
// "last_error" (the texts of the errors of the failed items with the lowest and the highest number) and "feedback". Where the
// merge changed something it notes "merge" (a state.Account: the strategy, and for each key the items, as "item 3", that its
// value comes from, the first of them if they are many).
package each
