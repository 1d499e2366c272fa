// Package conformance makes docs/conformance.md: which tests hold the numbered behaviours of the executor, and what was decided against
// one. A test holds a behaviour when its name begins with the number: TestB041…. The page is made anew by
//
//	go test ./internal/conformance -update
//
// and the test of the package fails when it is out of date, or when a behaviour that is due has neither a test nor a decision.
package conformance
