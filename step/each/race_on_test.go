//go:build race

package each_test

// raced says that the race detector is on.
const raced = true
