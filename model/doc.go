// Package model is what an agent step asks of a language model: a Request, a Response, classed errors, and a Registry that
// knows models by name.
//
// A provider implements Model, and Streamer where it can tell an answer while it is made, and is held to modeltest.Exercise. It makes one call and retries nothing: retries, timeouts,
// limits and budgets stand round the step. The package imports plan, usage and the standard library.
package model
