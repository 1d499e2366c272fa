//go:build race

package human_test

// raced says that the race detector is on.
const raced = true
