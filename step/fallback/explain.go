package fallback

import "strings"

// Explain says what runs when.
func (c *chain) Explain() string {
	var names []string
	for _, kid := range c.Children() {
		name := kid.Label
		if name == "" {
			name = nameOf(kid.Step)
		}
		names = append(names, name)
	}
	if len(names) < 2 {
		return "runs the step below"
	}
	return "runs " + strings.Join(names, "; when that has failed for good, ") + " on the same input"
}
