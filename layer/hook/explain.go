package hook

// Explain says what the layer does.
func (l *layer) Explain() string {
	if l.strict {
		return "tells hooks of it, which can fail it"
	}
	return "tells hooks of it"
}

// Fingerprint is empty: the layer does not change what a step answers.
func (*layer) Fingerprint() string { return "" }
