// Package finally is the kind that runs a cleanup after its body, whatever became of the body.
//
// The cleanup runs when the body has succeeded, failed or panicked, when it has passed a limit of the run, when it was aborted,
// and when the caller has cancelled the run: what the body took (a server, a branch, a lock) is given back. It is told what became
// of the body, as an Outcome; a blueprint gives it a map of the keys input, output, status (completed, failed or canceled), and
// for a body that did not succeed error, code and path. A body that waits for a person has not ended: the cleanup runs when it has.
// A body that is never begun, because the run was stopped before, is not cleaned up after.
//
// # What the step returns
//
// What the body returned, output or error. A cleanup that fails makes a step fail whose body succeeded. Beside a failure of
// the body its own failure is joined, as an *Error. An error of the body that no handler may swallow (plan.Final: a breach of the
// budget, an abort, a cancellation …) is returned as it is, and the cleanup's failure is only noted. In each case it is noted
// under "cleanup_error".
//
// A step that fails leaves nothing in the run's state, so what the cleanup wrote after a failed body is dropped with the rest.
//
// # What bounds the cleanup
//
// Its context does not end when the run's does, and not at the run's limit on its duration: it ends after DefaultTimeout, or
// what Within says. A cleanup that is stopped by that fails with the code timeout. The return of the run waits for it.
//
// Limits on calls, tokens and cost hold in the cleanup as everywhere. After a breach of one, steps that use nothing run as ever; one
// that reports usage runs and is counted, and ends the cleanup after it. So a cleanup had better ask no model.
//
// # Paths
//
// Body and cleanup stand below the step under their own names: deploy/apply, deploy/remove. A body that is a sequence without
// a name adds none, and a cleanup without one stands under cleanup: deploy/cleanup/remove.
package finally
