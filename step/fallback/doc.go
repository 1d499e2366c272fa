// Package fallback is the kind that runs another step when a step has failed for good.
//
// The whole bears the name of its primary, and the steps stand below it under their own names: write is the fallback,
// write/write the primary, write/template the alternate. A sequence without a name stands below it under fallback, or
// fallback2 and so on in a chain. An alternate that is itself a fallback, as To made it, becomes part of the chain:
// To(a, To(b, c)) tries a, b and c.
//
// # What an alternate gets
//
// It gets the input that the step got and the state as it was before the primary began. It is a step of its own, with its
// own layers. It has one attempt, also when it asks a model, unless a retry layer is written on it.
//
// # What does not fall back
//
// A pause, an abort, a breach of the budget, a missing model and the rest of plan.Final, cancellation by the caller among
// them, and the failure of a prompt processor (the code prompt), are returned as they are, from the primary and from an
// alternate. So is what a step of the chain says is its last word (plan.NoFallback), such as a validation step's.
//
// # What the record says
//
// The step's result has the notes fallback_triggered and original_error once the primary failed; ran, the name of the
// alternate that gave the output; attempts, those of all steps tried (an alternate that succeeded counts once); and, when
// the primary did not pass its checks, validation_failure and, after a success, validation_fallback_used. With
// Diagnostics a success tells the primary's failure under feedback.
//
// # Loops and depth
//
// A chain that comes back to a name it has tried, or goes more than MaxDepth alternates deep, ends there: when everything
// before has failed, the step fails with the code fallback_loop. Only such a run notices; what stands behind is never run.
package fallback
