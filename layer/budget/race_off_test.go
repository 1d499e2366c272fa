//go:build !race

package budget_test

// raced says that the race detector is on.
const raced = false
