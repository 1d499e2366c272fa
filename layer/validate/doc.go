// Package validate is the layer that checks what a step returned.
//
// Every check runs, in written order, also when one before it failed; the first failed one determines the error. A failed
// check is not mended by asking again in the same way, so a retry leaves it (plan.NoRetry); a fallback runs, and sees
// errors.Is(err, plan.ErrValidation). The output is returned beside the error, so that the result shows what was refused.
//
// A check that panics, or could not be made, counts as failed and the others still run. What no handler may swallow
// (plan.Final), and the error of a check whose context has ended, is returned as it is.
package validate
