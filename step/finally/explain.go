package finally

// Explain says when the cleanup runs.
func (n *node) Explain() string {
	return "runs the first step below, then the second, whatever became of the first"
}
