package fallback

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
	text := "runs " + names[0]
	for _, name := range names[1:] {
		text += "; when that has failed for good, " + name + " on the same input"
	}
	return text
}
