// Package process holds the layers that change what goes into a step and what comes out of it.
//
// Prompt processors run once a step, before the first attempt; when one fails the step fails with the code prompt, which no
// retry mends and no fallback answers: the fault is in the pipeline, not in the model. Output processors run once an
// attempt, on what the step returned; when one fails the attempt fails with the code processor, and a retry makes another.
//
// What no handler may swallow (plan.Final), and the error of a processor whose context has ended, is returned as it is.
package process
