// Package human asks people: a step of this kind waits for an answer, and the run pauses until it is there.
//
// Ask gives the answer to the next step; Approve passes its input on when somebody approved it. A waiting step does not disturb the
// branches beside it: they run to their end or to their own wait, and then the run is paused with all its requests. They may be answered
// in any order, each once; weir.Run.Answer and the option weir.Answers take the answers. An answer that does not fit the request's
// schema is refused, and the run waits on.
//
// # How a step ends
//
// It succeeds with the answer. Without one in time (Within) it gives the default (Otherwise), runs the alternate (Instead), or fails
// with the code timeout. Approve fails with the code rejected when somebody said no. A question that cannot be made is a failure with the
// code prompt.
//
// # Record
//
// The step notes "request" (the id), "question" and, where the time was over, "exit_reason" timeout.
package human
