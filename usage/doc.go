// Package usage says what a run consumes: requests, tokens and money, the limits on them, and prices.
//
// Money is int64 micro-USD (a millionth of a US dollar): exact to add, and enough for nine million million dollars.
// A step that asks a model tells its run with Report; the run's engine answers ContextKey with a Sink. The package imports
// package plan, for the error code, and the standard library.
package usage
