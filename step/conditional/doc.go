// Package conditional is the kind that asks a condition once and runs one of its branches.
//
// The condition gives a key. The branch with that key runs, else the default; without one the step fails with the code
// no_branch. A branch's label in paths is the text of its key, and default for the default: route/high/page. A branch that
// is a step named like its key adds that name once.
//
// The step notes executed_branch_key, the key that the condition gave, and resolved_branch_key, the label of the branch
// that ran. A failing branch is the step's failure as it is, so that the error's path names the step that failed; the
// step's output is nil then, and what the branch wrote to the state is dropped. A branch without steps returns its input.
//
// The condition must not change the run's state or its input: a run that is resumed asks it again.
package conditional
