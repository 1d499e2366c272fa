//go:build !weirdebug

package local_test

const longRuns = 200_000
