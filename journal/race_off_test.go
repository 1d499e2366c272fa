//go:build !race

package journal_test

// raced says that the race detector is on.
const raced = false
