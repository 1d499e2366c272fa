// Package bench measures what weir's optimisations buy: the seed's targets, each optimisation alone, and the reference workloads
// of docs/benchmarks.md, on built-in workloads or on a pipeline of one's own. `weir bench` shows what it finds.
//
// Two ways of running the same plan are compared in one process, in turn, round by round, by process CPU time with the collector's
// included: on shared hardware ratios can be trusted where single times cannot.
package bench
