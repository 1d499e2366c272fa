//go:build weirdebug

package local_test

const longRuns = 10_000_000
